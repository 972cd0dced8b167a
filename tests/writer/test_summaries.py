"""Summaries by a language model: right or absent, within the budget, and never in the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from desk import Desk, Silence
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Summary
from digest.model.errors import SummaryError, UsageError
from digest.simulator import Answers, Corpus
from digest.writer.summaries.answer import MOST_WORDS, Reply, judged, plain

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 4))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 24), last=date(2025, 3, 6), per_day=30)
TOPICS = """
[[topic]]
name = "words"
description = "Whether models scale."
[[topic.group]]
keywords = ["model", "scal"]
"""
LLM = {
    "DIGEST_LLM__ENABLED": "true",
    "DIGEST_LLM__BASE_URL": "http://127.0.0.1:1/v1",
    "DIGEST_LLM__MODEL": "tiny",
}
GOOD = '{"tldr": "Short.", "why": "Close.", "relevance": 7}'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CORPUS, topics=TOPICS, environ=LLM)


@pytest.fixture(scope="module")
def plain_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The digests of the same days without a language model."""
    desk = Desk(tmp_path_factory.mktemp("plain"), CORPUS, topics=TOPICS)
    for day in DAYS:
        desk.run_on(day)
    return desk.files()


def shown(desk: Desk) -> list[tuple[str, tuple[Summary, ...]]]:
    """The title and the summaries of each paper, in the order of the digests."""
    with desk.app.editions() as editions:
        return [
            (one.paper.title, one.summaries)
            for edition in editions.between()
            for one in edition.shown
        ]


def summarize(desk: Desk, *days: date) -> tuple[int, int, str]:
    report = desk.app.summarize(days, Silence())
    return report.written, report.left, report.problem


def test_after_a_run_every_paper_of_its_digest_has_a_summary_and_the_file_is_the_same(
    desk: Desk, plain_files: dict[str, bytes]
) -> None:
    for day in DAYS:
        report = desk.run_on(day)
    papers = shown(desk)

    assert desk.files() == plain_files
    assert len(papers) > 5
    for title, summaries in papers:
        line = " ".join(title.split())
        assert summaries == (
            Summary(
                "words",
                plain(f"It is about this: {line}"),
                "It is close to the topic.",
                float(len(line) % 11),
                "tiny",
            ),
        )
    assert report.exit_code == 0
    assert any("not yet" in note for note in report.notes)
    questions = desk.arxiv.llm.questions
    assert len(questions) == len(papers), "each is asked once"
    assert "Whether models scale." in questions[0]["messages"][1]["content"]
    assert questions[0]["temperature"] == 0


def test_without_llm_nothing_is_asked_and_nothing_is_shown(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    asked = len(desk.arxiv.llm.questions)
    desk.configure(DIGEST_LLM__ENABLED="false")
    desk.run_on(DAYS[1])

    assert len(desk.arxiv.llm.questions) == asked > 0
    assert not any(summaries for _, summaries in shown(desk))
    with pytest.raises(UsageError, match="summaries are off"):
        summarize(desk)


def hangs(desk: Desk) -> None:
    desk.now += timedelta(minutes=2)


FAULTS: dict[str, Callable[[Desk], list[object]]] = {
    "key": lambda _: [Answers.status(401)],
    "model": lambda _: [Answers.status(404)],
    "rate": lambda _: [Answers.status(429, retry_after=3)],
    "rate for long": lambda _: [Answers.status(429, retry_after=3600)],
    "server": lambda _: [Answers.status(500)] * 3,
    "hang": lambda _: [Answers.broken(httpx.ReadTimeout)] * 3,
    "no host": lambda _: [Answers.broken(httpx.ConnectError)],
    "reset": lambda _: [Answers.broken(httpx.ReadError)] * 3,
    "drip": lambda desk: [Answers.drip([b"{"] * 9, lambda: hangs(desk))] * 3,
    "cut off": lambda _: [Answers.text(GOOD[:20], finish="length")],
    "prose": lambda _: [Answers.prose()],
    "broken JSON": lambda _: [Answers.text(GOOD[:-5])],
    "wrong values": lambda _: [Answers.text('{"tldr": "x", "why": "y", "relevance": 11}')],
    "no text": lambda _: [Answers.text('{"tldr": " ", "why": "y", "relevance": 1}')],
    "refusal": lambda _: [Answers.refusal()],
    "filter": lambda _: [Answers.text("", finish="content_filter")],
    "no completion": lambda _: [Answers.body(b"<html>")],
    "deep": lambda _: [Answers.body(b"[" * 100_000)],
    "huge": lambda _: [Answers.body(b" " * 10 * 2**20)],
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_digests_are_the_same_and_the_next_run_completes_the_summaries(
    desk: Desk, plain_files: dict[str, bytes], name: str
) -> None:
    desk.arxiv.llm.fail(*FAULTS[name](desk))  # type: ignore[arg-type]
    report = desk.run_on(DAYS[0])

    assert report.exit_code == 0
    assert desk.files().items() <= plain_files.items()
    for title, summaries in shown(desk):
        line = " ".join(title.split())
        assert [one.tldr for one in summaries] in ([], [plain(f"It is about this: {line}")])
    desk.run_on(DAYS[1])
    assert desk.files() == plain_files
    assert all(summaries for _, summaries in shown(desk))


def test_what_is_wrong_for_all_papers_is_said_once_with_what_to_do(desk: Desk) -> None:
    desk.arxiv.llm.key = "right"
    desk.configure(DIGEST_LLM__API_KEY="wrong-canary")
    report = desk.run_on(DAYS[0])

    assert len(desk.arxiv.llm.questions) == 0
    (line,) = (note for note in report.notes if "key" in note)
    assert "HTTP 401" in line
    assert "DIGEST_LLM__API_KEY" in line
    desk.configure(DIGEST_LLM__API_KEY="right", DIGEST_LLM__MODEL="unknown")
    written, _, problem = summarize(desk)
    assert written == 0
    assert "does not have the model 'unknown'" in problem
    assert len(desk.arxiv.llm.questions) == 1


def test_the_key_is_in_no_file_and_no_message(desk: Desk, tmp_path: Path) -> None:
    key = "canary-3141592653589793"
    file = tmp_path / "key.txt"
    file.write_text(f"{key}\n", "utf-8")
    file.chmod(0o600)
    desk.arxiv.llm.key = key
    desk.configure(DIGEST_LLM__API_KEY_FILE=str(file))
    desk.arxiv.llm.fail(Answers.status(500), Answers.broken(httpx.ReadError), Answers.refusal())
    report = desk.run_on(DAYS[0])

    assert any(summaries for _, summaries in shown(desk)), "the key was sent"
    assert key not in repr((report, desk.config, desk.app.log(), desk.status()))
    file.unlink()
    for each in desk.folder.rglob("*"):
        assert not each.is_file() or key.encode() not in each.read_bytes(), each


@pytest.mark.parametrize(
    ("forms", "asked"),
    [
        ({"json_schema", "json_object"}, ["json_schema"]),
        ({"json_object"}, ["json_schema", "json_object"]),
        (set[str](), ["json_schema", "json_object", None]),
    ],
)
def test_the_strictest_form_that_a_server_takes_is_found_and_remembered(
    desk: Desk, forms: set[str], asked: list[str | None]
) -> None:
    desk.arxiv.llm.forms = forms
    desk.run_on(DAYS[0])
    tried = [each.get("response_format", {}).get("type") for each in desk.arxiv.llm.questions]
    assert tried == [*asked[:-1], *[asked[-1]] * (len(tried) - len(asked) + 1)]
    desk.arxiv.llm.questions.clear()
    desk.run_on(DAYS[1])
    tried = [each.get("response_format", {}).get("type") for each in desk.arxiv.llm.questions]
    assert set(tried) == {asked[-1]}


@pytest.mark.parametrize("says_usage", [True, False])
def test_the_budget_of_a_day_holds_over_runs_and_the_next_day_goes_on(
    desk: Desk, says_usage: bool
) -> None:
    desk.arxiv.llm.says_usage = says_usage
    desk.configure(DIGEST_LLM__MAX_PAPERS_PER_DAY="3", DIGEST_LLM__CONCURRENCY="4")
    report = desk.run_on(DAYS[0])
    assert len(desk.arxiv.llm.questions) == 3
    assert any("budget" in note for note in report.notes)
    assert summarize(desk)[0] == 0
    assert len(desk.arxiv.llm.questions) == 3

    desk.configure(DIGEST_LLM__MAX_PAPERS_PER_DAY="100", DIGEST_LLM__MAX_TOKENS_PER_DAY="4000")
    desk.now += timedelta(days=1)
    before = desk.arxiv.llm.tokens
    summarize(desk)
    assert before < desk.arxiv.llm.tokens <= before + 4000
    desk.configure(DIGEST_LLM__MAX_TOKENS_PER_DAY="400000")
    assert summarize(desk)[1] == 0
    assert all(summaries for _, summaries in shown(desk))


def test_as_many_are_asked_at_once_as_configured(desk: Desk) -> None:
    desk.configure(DIGEST_LLM__ENABLED="false")
    desk.run_on(DAYS[0])
    together = threading.Barrier(3)
    desk.configure(DIGEST_LLM__ENABLED="true", DIGEST_LLM__CONCURRENCY="3")
    waits = iter(range(3))

    def during() -> None:
        if next(waits, None) is not None:
            together.wait(timeout=20)

    desk.arxiv.llm.during = during
    assert summarize(desk)[1] == 0
    assert desk.arxiv.llm.most_at_once == 3


def test_a_killed_run_goes_on_without_asking_twice(desk: Desk) -> None:
    desk.configure(DIGEST_LLM__ENABLED="false")
    desk.run_on(DAYS[0])
    desk.configure(DIGEST_LLM__ENABLED="true")
    calls = iter(range(100))

    def dies() -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt

    desk.arxiv.llm.during = dies
    with pytest.raises(KeyboardInterrupt):
        summarize(desk)
    desk.arxiv.llm.during = lambda: None
    first = [each["messages"][1]["content"] for each in desk.arxiv.llm.questions[:3]]
    desk.arxiv.llm.questions.clear()
    assert summarize(desk)[1] == 0
    again = [each["messages"][1]["content"] for each in desk.arxiv.llm.questions]
    assert not set(first) & set(again)
    assert len(set(again)) == len(again)


def test_an_edit_of_the_prompt_asks_again_only_for_days_that_are_named(desk: Desk) -> None:
    for day in DAYS:
        desk.run_on(day)
    before = len(desk.arxiv.llm.questions)
    prompt = desk.folder / "templates/summary.md.j2"
    prompt.write_text(prompt.read_text("utf-8") + "\nBe brief.\n", "utf-8")

    assert summarize(desk) == (0, 0, "")
    assert len(desk.arxiv.llm.questions) == before
    written, left, _ = summarize(desk, DAYS[1])
    assert (written > 0, left) == (True, 0)
    assert all(
        "Be brief." in each["messages"][1]["content"] for each in desk.arxiv.llm.questions[before:]
    )
    assert summarize(desk, DAYS[1]) == (0, 0, "")


def test_a_template_may_show_the_summary_and_a_rebuild_asks_nothing(desk: Desk) -> None:
    template = desk.folder / "templates/digest.md.j2"
    text = template.read_text("utf-8")
    template.write_text(text.replace("{{ paper.abstract }}", "{{ paper.summary }}"), "utf-8")
    desk.run_on(DAYS[0])
    (data,) = desk.files().values()

    assert b"It is about this: " in data
    asked = len(desk.arxiv.llm.questions)
    assert [change.action for change in desk.app.rebuild(None, None, diff=True)] == ["unchanged"]
    assert len(desk.arxiv.llm.questions) == asked


ORDERED = json.dumps(
    {
        "tldr": "Visit [x](https://evil.example) <b>now</b> javascript:alert(1) `\u202e`",
        "why": "# **Best**",
        "relevance": 10,
    }
)


def test_what_an_abstract_orders_a_model_to_write_is_plain_text() -> None:
    answer = judged(Reply(ORDERED, 1))

    assert answer.tldr == "Visit x now"
    assert answer.why == "Best"


@given(st.text(max_size=300))
def test_what_a_model_writes_becomes_one_bounded_line_without_links_and_markup(text: str) -> None:
    line = plain(text)

    assert len(line.split()) <= MOST_WORDS
    assert line == " ".join(line.split())
    assert not set("`*#|[]<>\\") & set(line)
    assert "http:" not in line.lower()
    assert "javascript:" not in line.lower()


@given(
    st.text(max_size=200)
    | st.builds(
        json.dumps,
        st.dictionaries(
            st.sampled_from(["tldr", "why", "relevance"]),
            st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.none()),
        ),
    )
)
def test_any_answer_is_a_summary_or_is_refused(text: str) -> None:
    try:
        answer = judged(Reply(text, 1))
    except SummaryError:
        return
    assert answer.tldr
    assert 0 <= answer.relevance <= 10


def test_what_was_spent_is_kept(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    with Archive(desk.config.digest.archive) as archive:
        spent = archive.summaries.spent(desk.now)

    assert spent.tokens == desk.arxiv.llm.tokens > 0
    assert spent.papers == len(desk.arxiv.llm.questions)


def test_three_days_of_failures_are_known(desk: Desk) -> None:
    desk.arxiv.llm.models = set()
    desk.run_on(DAYS[0])
    first = desk.now
    desk.run_on(DAYS[1])
    with Archive(desk.config.digest.archive) as archive:
        assert archive.summaries.failing_since() == first
    desk.arxiv.llm.models = {"tiny"}
    summarize(desk)
    with Archive(desk.config.digest.archive) as archive:
        assert archive.summaries.failing_since() is None


def test_pages_show_summaries_with_the_model_and_are_made_again_when_more_come(desk: Desk) -> None:
    desk.configure(DIGEST_SITE__ENABLED="true", DIGEST_LLM__MAX_PAPERS_PER_DAY="1")
    desk.run_on(DAYS[0])
    page = desk.folder / f"output/site/day/{DAYS[0]}.html"
    text = page.read_text("utf-8")

    assert text.count("It is about this: ") == text.count("written by tiny") == 1
    assert 'select name="score"' in text
    desk.configure(DIGEST_LLM__MAX_PAPERS_PER_DAY="100")
    summarize(desk)
    text = page.read_text("utf-8")
    assert text.count("written by tiny") == text.count('<article class="paper"') > 1


@pytest.fixture(autouse=True)
def _no_threads_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before + 1
