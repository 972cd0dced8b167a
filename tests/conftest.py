"""What holds for every test: properties are tried without a clock, since machines are noisy."""

from pathlib import Path

import pytest
import upkeeping
from hypothesis import HealthCheck, settings

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

#: Single tests of half a minute: begun last, they would keep one processor busy on their own.
LONGEST = ("test_winter", "test_full_size")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests; the order of the others is as it was."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(scope="session")
def workspace_with_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of `upkeeping`, to be copied and not changed."""
    return upkeeping.make(tmp_path_factory.mktemp("upkeeping"))
