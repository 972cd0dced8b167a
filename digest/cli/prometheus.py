"""A status as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from digest.model.reports import DayState, Status, WorkspaceState


class _Metric(NamedTuple):
    """One gauge: each sample is a value with its labels."""

    name: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float | None], ...]


def exposition(status: Status, workspace: str) -> str:
    """The text; every sample names the workspace, so that several can be collected together.

    Times are seconds since 1970. What is not known has no sample.
    """
    return "".join(line + "\n" for metric in _metrics(status) for line in _lines(metric, workspace))


def _metrics(status: Status) -> Iterator[_Metric]:
    yield _Metric(
        "state",
        "1 for the state that the workspace is in, 0 for the others.",
        tuple(({"state": one}, float(one == status.standing.state)) for one in WorkspaceState),
    )
    yield _single("papers", "Papers in the archive.", status.papers)
    yield _Metric(
        "days",
        "Announcement days that were looked at, by their state.",
        tuple(({"state": one}, status.days_by_state.get(one, 0)) for one in DayState),
    )
    yield _single(
        "next_announcement_timestamp_seconds",
        "When arXiv announces next.",
        _seconds(status.next_announcement),
    )
    yield _single(
        "last_success_timestamp_seconds",
        "End of the last run that left nothing open.",
        _seconds(status.last_success),
    )
    yield from _last_run(status)


def _last_run(status: Status) -> Iterator[_Metric]:
    run = status.last_run
    if run is None:
        return
    labels = {"command": run.command, "outcome": run.outcome, "version": run.version}
    yield _Metric("last_run_info", "What the last run was and how it ended.", ((labels, 1),))
    yield _single(
        "last_run_start_timestamp_seconds", "Start of the last run.", _seconds(run.started)
    )
    if run.ended is None:
        return
    yield _single("last_run_end_timestamp_seconds", "End of the last run.", _seconds(run.ended))
    yield _single(
        "last_run_duration_seconds",
        "How long the last run took.",
        (run.ended - run.started).total_seconds(),
    )
    yield _single("last_run_requests", "Requests of the last run.", run.requests)
    yield _single("last_run_papers", "Papers that the last run received.", run.papers)
    yield _single("last_run_digests", "Digests that the last run wrote.", run.digests)


def _single(name: str, help_text: str, value: float | None) -> _Metric:
    return _Metric(name, help_text, (({}, value),))


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _lines(metric: _Metric, workspace: str) -> Iterator[str]:
    # Older than the distribution's name: dashboards and alarms ask for it.
    name = f"arxiv_digest_{metric.name}"
    samples = [(labels, value) for labels, value in metric.samples if value is not None]
    if not samples:
        return
    yield f"# HELP {name} {metric.help}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        pairs = ({"workspace": workspace} | dict(labels)).items()
        listed = ",".join(f'{label}="{_escaped(text)}"' for label, text in pairs)
        yield f"{name}{{{listed}}} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
