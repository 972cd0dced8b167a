"""What a part of the campaign found: the rows of the table, and how to see each problem again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_HEAD = (
    "| fault | times tried | days lost | days wrong | files half written | ended badly |",
    "|---|--:|--:|--:|--:|--:|",
)


@dataclass(slots=True)
class Row:
    """One kind of fault. All but `tried` should be zero.

    `badly` counts commands that hung, showed a traceback, ended with an exit code that the
    contract does not have for it, or said nothing about what went wrong.
    """

    fault: str
    tried: int = 0
    lost: int = 0
    wrong: int = 0
    half: int = 0
    badly: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether it was tried and nothing was found."""
        return self.tried > 0 and not (self.lost or self.wrong or self.half or self.badly)

    def compare(self, made: Mapping[str, bytes], expected: Mapping[str, bytes], how: str) -> None:
        """Count the days that differ from an undisturbed workspace's; `how` reproduces it."""
        lost = sorted(expected.keys() - made.keys())
        wrong = sorted(name for name in made if made[name] != expected.get(name))
        self.lost += len(lost)
        self.wrong += len(wrong)
        if lost or wrong:
            self.problems.append(f"{how}: lost {lost}, wrong {wrong}")

    def ended_badly(self, how: str, what: str) -> None:
        """Count a command that did not end as it should."""
        self.badly += 1
        self.problems.append(f"{how}: {what}")


def table(rows: Iterable[Row]) -> list[str]:
    """The table's lines, in Markdown."""
    return [
        *_HEAD,
        *(
            f"| {row.fault} | {row.tried:,} | {row.lost} | {row.wrong} | {row.half} | {row.badly} |"
            for row in rows
        ),
    ]
