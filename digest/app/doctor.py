"""`digest doctor`, put together: the machine, the workspace, and arXiv itself if asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from digest.app.world import World
from digest.config import Config, load
from digest.fetcher.calendar import Calendar
from digest.model.errors import ConfigError, DigestError
from digest.model.reports import Progress
from digest.runs.conformance import KNOWN, STOP, Conformance, Known
from digest.runs.doctor import Check, Diagnosis, Doctor, State, soundness


def diagnosis(
    workspace: Path,
    environ: Mapping[str, str],
    world: World,
    progress: Progress,
    *,
    live: bool,
    known: Known = KNOWN,
) -> Diagnosis:
    """Look at everything; with `live` arXiv is asked as well. Never raises a DigestError.

    `known` is the paper that arXiv is compared by.
    """
    doctor = Doctor(world.environ, world.now(), world.cache)
    checks = list(doctor.machine())
    try:
        config = load(workspace, environ)
    except ConfigError as error:
        checks += [
            Check("configuration", State.FAILED, str(problem), error.hint)
            for problem in error.problems
        ]
        return Diagnosis(tuple(checks))
    checks += [*doctor.workspace(config), *_archive(config, world), *_mail(config)]
    requests = 0
    if live:
        asked, requests = _live(config, world, progress, known)
        checks += asked
    return Diagnosis(tuple(checks), requests)


def _archive(config: Config, world: World) -> Iterator[Check]:
    if not config.digest.archive.exists():
        yield Check("archive", State.OK, "none yet: the first run makes it")
        return
    from digest.app import App

    try:
        verdict = App(config, world).upkeep().verify()
    except DigestError as error:
        yield Check("archive", State.FAILED, error.message, error.hint)
        return
    yield soundness(verdict.findings, verdict.papers)


def _mail(config: Config) -> Iterator[Check]:
    settings = config.send
    if not settings.host:
        yield Check("mail server", State.OK, "none")
        return
    from digest.outlets.mail.dispatch import PORTS
    from digest.outlets.post.letters import Server
    from digest.outlets.post.smtp import greet

    port = settings.port or PORTS[settings.security]
    problem = greet(Server(settings.host, port, settings.security, settings.sender))
    shown = f"{settings.host}:{port}"
    if problem is None:
        yield Check("mail server", State.OK, shown)
    else:
        advice = "correct [send] host, port and security; `digest send --test` sends a mail"
        yield Check("mail server", State.FAILED, f"{shown}: {problem.why}", advice)


def _live(
    config: Config, world: World, progress: Progress, known: Known
) -> tuple[list[Check], int]:
    from digest.app.arxiv import interfaces, user_agent

    once = config.arxiv.model_copy(update={"attempts": 1})
    try:
        with interfaces(once, world, progress) as found:
            conformance = Conformance(
                found.query,
                found.oai,
                found.rss,
                Calendar(config.arxiv.deferred),
                world.now(),
                known,
            )
            checks = list(conformance.checks())
            # Whoever answers the first request at all takes our name.
            first = checks[0]
            agent = user_agent(config.arxiv.contact)
            if first.state is State.UNANSWERED or first.advice == STOP:
                named = Check("User-Agent", first.state, f"{agent}: {first.found}", first.advice)
            else:
                named = Check("User-Agent", State.OK, f"{agent}: arXiv answers")
            return [named, *checks], found.requests
    except DigestError as error:
        return [Check("arXiv", State.FAILED, error.message, error.hint)], 0
