"""What the pages need beyond the program itself: the extra `site`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from digest.model.distribution import install_command
from digest.model.errors import SiteError


@contextmanager
def needed() -> Iterator[None]:
    """Import within; raises SiteError that names the extra if it is not installed."""
    try:
        yield
    except ImportError as error:
        raise SiteError(
            f"cannot make the site: {error}",
            hint=f"{install_command('site')}; or set enabled = false in [site]",
        ) from error


def check() -> None:
    """Raise SiteError that names the extra if any of it is not installed."""
    wanted = ("latex2mathml", "pygal")
    missing = [name for name in wanted if find_spec(name) is None]
    with needed():
        if missing:
            raise ImportError(f"{' and '.join(missing)} not installed")
