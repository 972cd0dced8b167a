"""Summaries of the papers of digests that have none yet, within a budget.

Papers are asked one at a time, several at once if the endpoint takes them, and each answer is
stored when it comes. So a run that is killed goes on where it was. What fails is asked again by the
next run, and nothing stands in its place meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.archive import Archive, DigestRecord
from digest.model import Paper, Summary, Topic
from digest.model.errors import SummaryError
from digest.model.reports import SummaryPlan, SummaryReport
from digest.writer.editions import Edition, Editions
from digest.writer.summaries.answer import Reply, judged
from digest.writer.summaries.endpoint import MOST_TOKENS, Endpoint
from digest.writer.summaries.prompt import SYSTEM, Prompt

#: A run's digests are written before; it does not go on for longer than that for summaries.
PATIENCE = timedelta(minutes=5)

#: After so many failures in a row the endpoint is left to the next run.
_MOST_FAILURES = 3

#: A token is three bytes of text or more, so that an estimate is rather too high.
_BYTES_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be asked on one UTC day, over all runs: papers, and tokens in both directions."""

    papers: int
    tokens: int


@dataclass(frozen=True, slots=True)
class _Wish:
    """A summary that is not there yet."""

    day: date
    paper: Paper
    topic: Topic
    recipe: str
    question: str

    @property
    def tokens(self) -> int:
        """About how many tokens question and answer have, rather too many."""
        length = len(f"{SYSTEM}{self.question}".encode())
        return length // _BYTES_A_TOKEN + MOST_TOKENS


class Summarizing:
    """Summaries of one archive's digests; `topics` are those that the editions are made with.

    `now` is the clock. `concurrency` is how many papers are asked at once.
    """

    def __init__(
        self,
        archive: Archive,
        editions: Editions,
        topics: Sequence[Topic],
        prompt: Prompt,
        model: str,
        budget: Budget,
        *,
        concurrency: int,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._editions = editions
        self._topics = {topic.name: topic for topic in topics}
        self._prompt = prompt
        self._model = model
        self._budget = budget
        self._concurrency = concurrency
        self._now = now

    def plan(self, records: Iterable[DigestRecord], *, again: bool) -> SummaryPlan:
        """What summaries of some digests would cost; with `again` also those of another prompt.

        Raises TemplateError.
        """
        wishes = self._wishes(records, again=again)
        return SummaryPlan(
            summaries=len(wishes),
            tokens=sum(wish.tokens for wish in wishes),
            days=tuple(sorted({wish.day for wish in wishes})),
            example=f"{SYSTEM}\n\n{wishes[0].question}" if wishes else "",
        )

    def summarize(
        self,
        records: Iterable[DigestRecord],
        endpoint: Endpoint,
        *,
        again: bool,
        patience: timedelta = PATIENCE,
        told: Callable[[str], None] = lambda _: None,
    ) -> SummaryReport:
        """Ask for the summaries that are not there; `told` is called with the title of each.

        Raises TemplateError and ArchiveError. What the endpoint fails to give is in the report.
        """
        wishes = self._wishes(records, again=again)
        work = _Work(self._archive, self._model, self._budget, endpoint, self._now)
        ends = self._now() + patience
        waiting = wishes[::-1]
        pool = ThreadPoolExecutor(self._concurrency)
        asked: dict[Future[Reply], _Wish] = {}
        try:
            while waiting or asked:
                while (
                    waiting
                    and len(asked) < self._concurrency
                    and self._now() < ends
                    and work.may_ask(waiting[-1], asked.values())
                ):
                    wish = waiting.pop()
                    asked[pool.submit(endpoint.ask, SYSTEM, wish.question)] = wish
                if not asked:
                    break
                done, _ = wait(asked, return_when=FIRST_COMPLETED)
                for future in done:
                    wish = asked.pop(future)
                    if work.take(wish, future):
                        told(wish.paper.title)
        finally:
            pool.shutdown(wait=not waiting and not asked, cancel_futures=True)
        if wishes:
            self._archive.summaries.note_failing(
                self._now() if work.problem and not work.written else None
            )
        return SummaryReport(
            written=work.written,
            left=len(wishes) - work.written,
            tokens=work.tokens,
            requests=endpoint.requests,
            days=tuple(sorted(work.days)),
            problem=work.problem or ("it takes too long" if waiting and not work.spent else ""),
            hint=work.hint,
            is_budget_spent=work.spent,
        )

    def _wishes(self, records: Iterable[DigestRecord], *, again: bool) -> list[_Wish]:
        """What is not there yet, the papers of the newest digest first, in their order."""
        newest_first = sorted(records, key=lambda record: record.period.day, reverse=True)
        return [
            wish
            for record in newest_first
            for wish in self._wishes_of(self._editions.written(record), again=again)
        ]

    def _wishes_of(self, edition: Edition, *, again: bool) -> Iterable[_Wish]:
        papers = [(one.paper.id, one.paper.version) for one in edition.shown]
        there = self._archive.summaries.asked(papers)
        for one in edition.shown:
            for topic in (self._topics[name] for name in one.match.topics):
                recipe = self._prompt.recipe(self._model, topic)
                recipes = there.get((one.paper.id, one.paper.version, topic.name), set())
                if recipe not in recipes if again else not recipes:
                    question = self._prompt.question(one.paper, topic)
                    yield _Wish(edition.day, one.paper, topic, recipe, question)


class _Work:
    """What has come so far, and what stops it."""

    def __init__(
        self,
        archive: Archive,
        model: str,
        budget: Budget,
        endpoint: Endpoint,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._model = model
        self._budget = budget
        self._endpoint = endpoint
        self._now = now
        self._failures = 0
        self._is_over = False
        self.written = 0
        self.tokens = 0
        self.days = set[date]()
        self.problem = ""
        self.hint = ""
        self.spent = False

    def may_ask(self, wish: _Wish, under_way: Iterable[_Wish]) -> bool:
        """Whether the budget has room for a summary beside those that are being asked for."""
        if self._is_over:
            return False
        spent = self._archive.summaries.spent(self._now())
        asked = [*under_way, wish]
        self.spent = (
            spent.papers + len(asked) > self._budget.papers
            or spent.tokens + sum(each.tokens for each in asked) > self._budget.tokens
        )
        return not self.spent

    def take(self, wish: _Wish, future: Future[Reply]) -> bool:
        """Store what came; returns whether it is a summary."""
        tokens = 0
        try:
            reply = future.result()
            tokens = wish.tokens if reply.tokens is None else reply.tokens
            answer = judged(reply)
        except SummaryError as error:
            self._archive.summaries.spend(tokens, self._now())
            self.tokens += tokens
            self._fail(error)
            return False
        summary = Summary(wish.topic.name, *answer, self._model)
        paper = wish.paper.id, wish.paper.version
        self._archive.summaries.add(paper, wish.recipe, summary, tokens, self._now())
        self._failures = 0
        self.tokens += tokens
        self.written += 1
        self.days.add(wish.day)
        return True

    def _fail(self, error: SummaryError) -> None:
        self._failures += 1
        self.problem, self.hint = error.message, error.hint
        self._is_over = error.is_final or self._failures >= _MOST_FAILURES
