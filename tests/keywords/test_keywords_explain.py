"""`digest keywords explain`: why a paper is, or is not, in which digest."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, morning
from keyword_days import FIVE_DAYS, followed, papers, topics

from digest.archive import Archive, ImportedPaper
from digest.cli import exit_code
from digest.keywords.report import Explanation, Quote
from digest.model import PaperId
from digest.model.reports import DayState
from digest.simulator import Corpus

ABSTRACTS = ("One two three four five six seven an LLM\n  for BEV", "A KV cache", "LLMs, LLM")
MONDAY, *_, FRIDAY = FIVE_DAYS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Papers 1 to 3 are Monday's, 13 to 15 Friday's; the first of each has an excluded word."""
    more = 'name = "t"\nexclude = ["bev"]\n'
    folder = tmp_path_factory.mktemp("explain")
    return followed(folder, ["LLM"], FIVE_DAYS, *ABSTRACTS, more=more)


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """A copy of it, to be changed."""
    shutil.copytree(made.folder, tmp_path / "desk")
    desk = Desk(tmp_path / "desk", Corpus.of(()))
    desk.now = made.now
    return desk


def explained(desk: Desk, paper: str) -> Explanation:
    with desk.app.keywords() as keywords:
        return keywords.explain(PaperId.parse(paper))


def configure(desk: Desk, text: str) -> None:
    (desk.folder / "config/keywords.toml").write_text(text, encoding="utf-8")


def archive(desk: Desk) -> Archive:
    return Archive(desk.folder / "output/.archive.sqlite3")


def test_a_paper_of_a_digest_is_told_with_its_matches(made: Desk) -> None:
    found = explained(made, "arXiv:2503.00003v1")

    assert (found.title, found.announced, found.digest, found.shown, found.version) == (
        "Title 3",
        MONDAY,
        MONDAY,
        True,
        1,
    )
    assert found.why == "It is in the digest of 2025-03-10."
    assert (found.known, found.exit_code, found.advice) == (True, 0, "")
    (verdict,) = found.verdicts
    assert (verdict.topic, verdict.satisfied) == ("t", True)
    assert verdict.groups[0].found == (
        Quote("LLM", "", "LLM", "s, LLM"),
        Quote("LLM", "LLMs, ", "LLM", ""),
    )


def test_excluded_words_and_missing_keywords_keep_a_paper_out(made: Desk) -> None:
    excluded, without = explained(made, "2503.00001"), explained(made, "2503.00002")

    assert (
        excluded.why
        == without.why
        == ("It belongs to the digest of 2025-03-10, and satisfies no topic.")
    )
    assert (excluded.shown, excluded.exit_code) == (False, 0)
    assert excluded.verdicts[0].excluded == ("BEV",)
    assert excluded.verdicts[0].groups[0].found == (
        Quote("LLM", "… three four five six seven an ", "LLM", " for BEV"),
    )
    assert not without.verdicts[0].groups[0].found


def test_categories_that_a_topic_does_not_want_are_named(desk: Desk) -> None:
    configure(desk, topics(["LLM"], 'categories = ["math.*"]\n'))

    (verdict,) = explained(desk, "2503.00003").verdicts

    assert (verdict.satisfied, verdict.in_categories, verdict.categories) == (
        False,
        False,
        ("math.*",),
    )


def test_what_the_file_has_is_told_where_the_keywords_are_others_now(desk: Desk) -> None:
    configure(desk, topics(["KV"]))

    came, went = explained(desk, "2503.00002"), explained(desk, "2503.00003")

    advice = "`digest rebuild 2025-03-10 2025-03-10` brings it up to date."
    assert (came.shown, came.advice) == (False, advice)
    assert came.why.endswith("satisfies a topic, but is not in its file.")
    assert (went.shown, went.advice) == (True, advice)
    assert went.why == "It is in the digest of 2025-03-10, but satisfies no topic now."
    list(desk.app.rebuild(None, None, diff=False))
    came, went = explained(desk, "2503.00002"), explained(desk, "2503.00003")
    assert [(one.shown, one.advice) for one in (came, went)] == [(True, ""), (False, "")]


def test_a_digest_that_is_not_written_yet_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Corpus.of(()), topics=topics(["LLM"]))
    desk.configure(DIGEST_DIGEST__DAYS='["fri"]')
    with archive(desk) as kept:
        kept.papers.store(papers(FIVE_DAYS, *ABSTRACTS), seen=FRIDAY)

    desk.now = morning(FRIDAY)
    due = explained(desk, "2503.00003")
    desk.now = morning(MONDAY)
    early = explained(desk, "2503.00003")

    assert (due.announced, due.digest, due.shown) == (MONDAY, FRIDAY, False)
    assert due.why.endswith("which is not written yet, and will be in it.")
    assert due.advice == "`digest backfill 2025-03-14` writes it."
    assert early.advice == ""


def test_a_paper_outside_the_scope_of_today_is_said_to_be(desk: Desk) -> None:
    desk.configure(DIGEST_ARXIV__SCOPE='["math.*"]')

    found = explained(desk, "2503.00003")

    assert (found.shown, found.why) == (
        False,
        "Its categories are not in your scope, so no digest chooses from it.",
    )


def test_imported_digests_are_named(desk: Desk) -> None:
    day = date(2025, 3, 17)
    with archive(desk) as kept:
        for paper in ("2503.00003", "2503.09999"):
            one = ImportedPaper(PaperId(paper), day, day, "", "T", "an LLM", ("A",))
            kept.imports.add([one], None, datetime(2025, 3, 17, tzinfo=UTC))

    here, elsewhere = explained(desk, "2503.00003"), explained(desk, "2503.09999")

    assert (here.digest, here.shown) == (elsewhere.digest, elsewhere.shown) == (day, True)
    assert here.announced == MONDAY
    assert (elsewhere.known, elsewhere.title) == (True, "")
    assert "imported" in here.why
    assert "`digest backfill 2025-03-17`" in elsewhere.advice


def test_a_day_whose_digest_was_imported_stays_as_it_is(desk: Desk) -> None:
    with archive(desk) as kept:
        record = kept.ledger.digests()[MONDAY]
        imported = type(record)(record.period, DayState.IMPORTED, 1, None)
        kept.ledger.settle(imported, datetime(2025, 3, 17, tzinfo=UTC))

    found = explained(desk, "2503.00003")

    assert (found.shown, found.why) == (
        False,
        "Its day has the digest of 2025-03-10, which was made elsewhere and imported, without it.",
    )


@pytest.mark.parametrize(
    ("paper", "why", "advice"),
    [
        ("2503.00099", "It is not public yet", "Check the number"),
        ("2504.00001", "arXiv has not assigned ids of April 2025 yet", ""),
        ("2502.00001", "Its announcement day is not in", "`digest backfill 2025-02-03 2025-02-28`"),
        (
            "hep-th/9901001",
            "Its announcement day is not in",
            "`digest backfill 1999-01-01 1999-02-01`",
        ),
        ("hep-th/9913001", "arXiv never assigned", ""),
        ("hep-th/1001001", "arXiv never assigned", ""),
        ("0612.0001", "arXiv never assigned", ""),
        ("hep-th/9101001", "arXiv never assigned", ""),
    ],
)
def test_of_an_id_that_is_not_there_it_says_what_can_be_done(
    made: Desk, paper: str, why: str, advice: str
) -> None:
    found = explained(made, paper)

    assert (found.known, found.exit_code, found.verdicts) == (False, 1, ())
    assert found.why.startswith(why)
    assert found.advice.startswith(advice)


def test_an_id_that_arxiv_was_asked_for_in_vain_is_absent(tmp_path: Path) -> None:
    corpus = Corpus.of([p for p in papers(FIVE_DAYS, *ABSTRACTS) if p.id != "2503.00008"])
    desk = Desk(tmp_path, corpus, topics=topics(["LLM"]))
    desk.now = morning(FRIDAY)
    desk.backfill(MONDAY, FRIDAY)
    soon = explained(desk, "2503.00008")
    desk.now += timedelta(days=4)
    desk.backfill(MONDAY, FRIDAY)
    later = explained(desk, "2503.00008")

    assert soon.advice == "`digest run` asks again."
    assert "did not have it then" in soon.why
    assert (later.why, later.advice) == (
        "arXiv was asked for it on 2025-03-18, and has no such paper.",
        "",
    )


def test_the_command_prints_it_and_ends_with_one_for_what_is_not_there(
    made: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("-C", str(made.folder), "keywords", "explain")

    assert exit_code((*place, "https://arxiv.org/abs/2503.00001v1")) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2503.00001 Title 1",
        "  announced 2025-03-10, version 1, cs.CL",
        "  It belongs to the digest of 2025-03-10, and satisfies no topic.",
        "t: not satisfied",
        "  excluded words: BEV",
        "  group 1: 1 match",
        "    … three four five six seven an [LLM] for BEV",
    ]
    assert exit_code((*place, "2502.00001", "--json")) == 1
    assert json.loads(capsys.readouterr().out)["known"] is False


def test_what_is_no_id_is_a_usage_error(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(("-C", str(made.folder), "keywords", "explain", "2511.2166")) == 2
    assert "'2511.2166' is not an arXiv id; write it as 2511.21669" in capsys.readouterr().err
