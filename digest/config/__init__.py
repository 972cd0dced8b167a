"""The two configuration files as frozen values; every mistake in them found in one reading."""

from digest.config.loading import DIGEST_FILE, KEYWORDS_FILE, load
from digest.config.settings import ArxivSettings, Config, DigestSettings, ScheduleSettings

__all__ = [
    "DIGEST_FILE",
    "KEYWORDS_FILE",
    "ArxivSettings",
    "Config",
    "DigestSettings",
    "ScheduleSettings",
    "load",
]
