# A small image of the command `digest`. By default it stays up and runs by [schedule] of the
# workspace that is mounted at /workspace; docs/containers.md tells how to use it.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all: \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
# What is used and what builds it come from the locks, with hashes; nothing else is fetched.
COPY requirements-build.lock requirements-container.lock ./
RUN python -m venv --without-pip /opt/digest \
    && pip --python /opt/digest/bin/python install --require-hashes -r requirements-container.lock \
    && pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY digest digest
COPY config config
COPY templates templates
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && pip --python /opt/digest/bin/python install --no-deps --no-index /wheel/*.whl

FROM python:${PYTHON}-slim
COPY --from=build /opt/digest /opt/digest
# /cache tells all containers that share it whose turn it is to ask arXiv. Like /tmp it can be
# written to by whichever user --user names.
RUN groupadd --gid 10001 digest \
    && useradd --uid 10001 --gid digest --no-create-home --home-dir /workspace digest \
    && mkdir /workspace /cache \
    && chown digest:digest /workspace /cache \
    && chmod 1777 /workspace /cache
ENV PATH=/opt/digest/bin:$PATH DIGEST_HOME=/workspace XDG_CACHE_HOME=/cache
USER 10001:10001
WORKDIR /workspace
VOLUME ["/workspace", "/cache"]
HEALTHCHECK --interval=10m --timeout=1m --start-period=10m --retries=2 \
    CMD ["digest", "status", "--healthy"]
ENTRYPOINT ["digest"]
CMD ["schedule"]
