"""Times: what cron expressions mean, what rings at them, when to try again. APScheduler's home."""

from digest.scheduler.cron import CronTimes, cron_problem, cron_trigger, next_times
from digest.scheduler.retries import Retries
from digest.scheduler.rings import Ring

__all__ = ["CronTimes", "Retries", "Ring", "cron_problem", "cron_trigger", "next_times"]
