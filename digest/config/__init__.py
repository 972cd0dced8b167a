"""The configuration files as frozen values; every mistake in them found in one reading."""

from digest.config.keywords import KEYWORDS_FILE, TOPICS_FOLDER, keyword_files
from digest.config.loading import DIGEST_FILE, load
from digest.config.settings import ArxivSettings, Config, DigestSettings, ScheduleSettings

__all__ = [
    "DIGEST_FILE",
    "KEYWORDS_FILE",
    "TOPICS_FOLDER",
    "ArxivSettings",
    "Config",
    "DigestSettings",
    "ScheduleSettings",
    "keyword_files",
    "load",
]
