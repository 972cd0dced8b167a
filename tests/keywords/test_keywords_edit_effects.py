"""How the effect of an edit is printed: on terminals of any width, and elsewhere."""

from __future__ import annotations

import io
import re
import sys
from datetime import date, timedelta

import pytest

from digest.cli.effects import show_effect
from digest.model import Badge
from digest.model.changes import DayEffect, Effect, PaperMove, Rebadged

DAY = date(2025, 11, 27)
SENTENCE = ("We describe pre", Badge("serving", "FF8C00"), " of\n  ", Badge("LLM", "F08080"), "s.")
CAME = PaperMove("2511.00001v1", "A paper that comes", SENTENCE)
WENT = PaperMove("2511.00002v2", "A paper\x1b[7m that goes", ())
OTHER = Rebadged("2511.00003v1", "A paper that stays", ("KV cache",), ("KV", "cache"))
EFFECT = Effect(
    (
        DayEffect(DAY, 12, 12, (CAME,), (WENT,), (OTHER,)),
        DayEffect(DAY + timedelta(1), 3, 3),
        DayEffect(DAY + timedelta(2), 1, 2, (CAME,), has_more=True),
    )
)
PLAIN = """\
2025-11-27: 12 papers (unchanged)
  + 2511.00001v1 A paper that comes
    We describe pre[serving] of [LLM]s.
  - 2511.00002v2 A paper\\x1b[7m that goes
  2511.00003v1 A paper that stays
    + KV cache
    - KV, cache
2025-11-29: 1 paper, then 2
  + 2511.00001v1 A paper that comes
    We describe pre[serving] of [LLM]s.
  also: badges of another colour or place, or texts of another form
3 digests, 2025-11-27 to 2025-11-29: 2 papers come, 1 paper goes, 1 paper with other badges.
Average per digest: 5.3 → 5.7 papers.
"""


class Terminal(io.StringIO):
    """A stream that is taken for a terminal."""

    def isatty(self) -> bool:
        return True


def printed(
    effect: Effect, monkeypatch: pytest.MonkeyPatch, *, everything: bool = False, **variables: str
) -> str:
    """What is printed on a terminal with these variables; without any, what a pipe gets."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if variables else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    show_effect(effect, everything=everything)
    return stream.getvalue()


def many(days: int, papers: int, rebadged: int = 0) -> Effect:
    return Effect(
        tuple(
            DayEffect(DAY + timedelta(day), 5, 5, (CAME,) * papers, (), (OTHER,) * rebadged)
            for day in range(days)
        )
    )


def test_a_pipe_gets_plain_lines_with_the_words_in_brackets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert printed(EFFECT, monkeypatch) == PLAIN


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = printed(EFFECT, monkeypatch, TERM="xterm", COLORTERM="truecolor", COLUMNS="80")
    assert re.search(r"\x1b\[1;[0-9;]+mserving\x1b\[0m", drawn)
    assert "\x1b[32m+ 2511.00001v1" in drawn
    assert "\x1b[31m- 2511.00002v2" in drawn
    assert "\x1b[7m" not in drawn


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("other", ["COLORTERM", "NO_COLOR"])
def test_no_line_is_wider_than_the_terminal(
    columns: int, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    if other == "NO_COLOR":
        drawn = printed(EFFECT, monkeypatch, TERM="xterm", NO_COLOR="1")
    else:
        drawn = printed(EFFECT, monkeypatch, TERM="xterm", COLORTERM="1")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
    lines = plain.split("\n")
    assert max(map(len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)
    assert ("[serving]" in plain) == (other == "NO_COLOR")
    flat = re.sub(r"\s+", " ", plain)
    assert ("2025-11-29: 1 paper, then 2 + 2511.00001v1 A paper that comes We describe") in flat


def test_only_the_newest_of_many_papers_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(many(10, 6, 100), monkeypatch).split("\n")
    assert lines[0] == "636 papers in 6 earlier digests not shown here; --all shows everything."
    assert lines[1] == "2025-12-03: 5 papers (unchanged)"
    assert sum(line.startswith("  + ") for line in lines) == 20
    assert sum(line.startswith("  2511.00003") for line in lines) == 10
    assert "  … and 4 more that come, 100 more with other badges" in lines
    assert lines[-3].endswith("60 papers come, 1,000 papers with other badges.")


def test_one_day_of_very_many_papers_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Effect((DayEffect(DAY, 900, 900, (CAME,) * 900, (WENT,) * 900),))
    text = printed(both, monkeypatch)
    assert text.count("  + 2511") == text.count("  - 2511") == 10
    assert "  … and 890 more that come, 890 more that go\n" in text


def test_everything_is_shown_if_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(many(100, 3, 3), monkeypatch, everything=True)
    assert text.count("  + 2511") == 300
    assert text.count("  2511.00003") == 300
    assert "--all" not in text


def test_quiet_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no effect can be shown" in printed(Effect(()), monkeypatch)
    nothing = Effect((DayEffect(DAY, 1, 1),))
    assert printed(nothing, monkeypatch) == "2025-11-27: nothing changes.\n"
    forms = Effect((DayEffect(DAY, 1, 1, has_more=True),))
    assert "only colours, places or forms change" in printed(forms, monkeypatch)


def test_without_all_counts_there_is_no_load(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(Effect((DayEffect(DAY, None, None, (CAME,)),)), monkeypatch)
    assert text.startswith("2025-11-27\n  + 2511.00001v1")
    assert "To read" not in text
