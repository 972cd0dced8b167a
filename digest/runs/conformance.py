"""`digest doctor --live`: are arXiv's answers still what the program assumes?

At most eight polite requests, one attempt each, and none after HTTP 403. Every difference is named
with the file that assumes something else, so that a report needs nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from statistics import median

from digest.fetcher.calendar import Calendar
from digest.fetcher.connection import Connection
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.records import Record
from digest.fetcher.query.api import QueryApi, Question
from digest.fetcher.query.atom import Page
from digest.fetcher.query.queries import window_query
from digest.fetcher.rss import parse_rss
from digest.model import Paper, Window
from digest.model.errors import Blocked, FetchError, Refused, Unavailable
from digest.model.reports import counted
from digest.runs.doctor import Check, State

_ATOM = "digest/fetcher/query/atom.py"
_QUERIES = "digest/fetcher/query/queries.py"
_ANSWERS = "digest/fetcher/answers.py"
_RECORDS = "digest/fetcher/oai/records.py"
_WALK = "digest/fetcher/walk.py"

#: So many papers of a day show where it ends, and in which order pages are.
_PAGE = 25

#: Papers submitted for a day by the length of its ids: 0.96 on healthy days, since it gets about as
#: many held papers from other days as others get from it; 0.77 was measured with a lost shard.
_LEAST, _MOST = 0.88, 1.12

#: So old a day has everything that arXiv's index will ever have, but for the longest held papers.
_CLOSED = timedelta(days=21)

#: OAI's earliest day (its Identify, recorded in 2026).
_EARLIEST = "2005-09-16"


@dataclass(frozen=True, slots=True)
class Known:
    """A paper whose every field is known; of its abstract the SHA-256 is."""

    paper: Paper
    abstract: str


#: Chosen because it has every field that arXiv gives, and one version only.
KNOWN = Known(
    Paper(
        id="2202.12139",
        version=1,
        url="http://arxiv.org/abs/2202.12139v1",
        title="Testing Deep Learning Models: A First Comparative Study of Multiple Testing "
        "Techniques",
        abstract="",
        authors=("Mohit Kumar Ahuja", "Arnaud Gotlieb", "Helge Spieker"),
        categories=("cs.SE", "cs.LG"),
        published=datetime(2022, 2, 24, 15, 5, 19, tzinfo=UTC),
        updated=datetime(2022, 2, 24, 15, 5, 19, tzinfo=UTC),
        comment="Artificial Intelligence in Software Testing 2022 workshop @ ICST 2022",
        doi="10.1109/ICSTW55395.2022.00035",
        journal_ref="Artificial Intelligence in Software Testing @ 2022 IEEE International "
        "Conference on Software Testing, Verification and Validation Workshops (ICSTW)",
    ),
    "e96775dd8c3975f2af63bf8d2b2d5c9fd81d19720a8eb9248f38b571e88b1ba2",
)

_FIELDS = (
    *("id", "version", "url", "title", "authors", "categories", "published", "updated"),
    *("comment", "doi", "journal_ref"),
)

#: OAI has other spaces in names and one in links; the program makes them alike but for these.
_FIELDS_BY_OAI = tuple(field for field in _FIELDS if field != "url")


class Conformance:
    """Asks arXiv by `query`, `oai` and `rss`; the last two are None where they are not asked."""

    def __init__(
        self,
        query: QueryApi,
        oai: OaiApi | None,
        rss: Connection | None,
        calendar: Calendar,
        now: datetime,
        known: Known = KNOWN,
    ) -> None:
        self._query = query
        self._oai = oai
        self._rss = rss
        self._calendar = calendar
        self._now = now
        self._known = known

    def checks(self) -> Iterator[Check]:
        """One after another; the first one that finds us blocked is the last one."""
        asked: list[tuple[str, str, Callable[[], str]]] = [
            ("a known paper by id", _ATOM, self._by_id),
            ("a closed day", _WALK, self._closed_day),
            ("an error answer", _ANSWERS, self._error_answer),
        ]
        if self._oai:
            oai = self._oai
            asked += [
                ("OAI-PMH", _RECORDS, lambda: self._identity(oai)),
                ("a record by OAI-PMH", _RECORDS, lambda: self._by_oai(oai)),
            ]
        if self._rss:
            rss = self._rss
            asked.append(("today's RSS", "digest/fetcher/rss.py", lambda: _today(rss)))
        for name, assumes, find in asked:
            check = _checked(name, assumes, find)
            yield check
            if check.advice == STOP:
                return

    def _by_id(self) -> str:
        name = f"{self._known.paper.id}v{self._known.paper.version}"
        page = self._ask(Question(ids=(name,)))
        if not page.papers:
            rejected = f": {page.rejected[0].reason}" if page.rejected else ""
            raise _Different(f"arXiv has no {name}{rejected}")
        return self._compared(page.papers[0], _FIELDS)

    def _compared(self, paper: Paper, fields: tuple[str, ...]) -> str:
        wanted = self._known.paper
        different = [
            f"{field} is {getattr(paper, field)!r}, not {getattr(wanted, field)!r}"
            for field in fields
            if getattr(paper, field) != getattr(wanted, field)
        ]
        if fields is _FIELDS and abstract_of(paper) != self._known.abstract:
            different.append("the abstract is another one")
        if different:
            raise _Different(f"{paper.id}: {'; '.join(different)}")
        return f"{paper.id} is the same in every field"

    def _closed_day(self) -> str:
        """A day's total against the length of its ids; the order of two pages by the way.

        The ids of a day begin behind the last in-time paper of the day before: papers that were
        held stand in front of the others.
        """
        day = self._day()
        before, page = self._last_of(self._calendar.previous(day)), self._last_of(day)
        low, high = (
            median(int(paper.id.partition(".")[2]) for paper in each.papers)
            for each in (before, page)
        )
        share = page.total / (high - low) if high > low else 0.0
        shown = f"{day}: {page.total:,} papers in {high - low:,.0f} ids"
        if not _LEAST <= share <= _MOST:
            raise _Different(f"{shown}; usually they are about as many")
        return shown

    def _last_of(self, day: date) -> Page:
        """The papers of a day that were submitted last."""
        window = self._window(day)
        page = self._ask(Question(window_query(window, ""), (), 0, _PAGE, newest_first=True))
        times = [paper.published for paper in page.papers]
        if not times:
            raise _Different(f"{day}: arXiv has no paper of that day", _QUERIES)
        if times != sorted(times, reverse=True):
            raise _Different(f"{day}: a page is not in the order of submission", _QUERIES)
        if not all(window.start <= time <= window.end for time in times):
            raise _Different(f"{day}: a paper was submitted outside of its window", _QUERIES)
        return page

    def _day(self) -> date:
        """A closed day in the middle of a month, so that its ids are of one."""
        day = self._calendar.latest(self._now - _CLOSED)
        while not 8 <= day.day <= 24 or self._calendar.window(day) is None:
            day = self._calendar.previous(day)
        return day

    def _window(self, day: date) -> Window:
        window = self._calendar.window(day)
        if window is None:
            raise ValueError(f"{day} is not an announcement day")
        return window

    def _error_answer(self) -> str:
        try:
            self._ask(Question(ids=("abc",)))
        except Refused as refused:
            if "incorrect id format for abc" in refused.message:
                return "arXiv refuses an impossible id, in its own words"
            raise _Different(f"an impossible id is refused as {refused.message!r}") from refused
        raise _Different("an impossible id is not refused")

    def _identity(self, oai: OaiApi) -> str:
        found = oai.identify()
        wanted = {"protocolVersion": "2.0", "earliestDatestamp": _EARLIEST,
                  "granularity": "YYYY-MM-DD"}  # fmt: skip
        different = [
            f"{name} is {found.get(name)!r}, not {value!r}"
            for name, value in wanted.items()
            if found.get(name) != value
        ]
        if different:
            raise _Different("; ".join(different))
        return "Identify is as it was"

    def _by_oai(self, oai: OaiApi) -> str:
        found = oai.record(self._known.paper.id)
        if not isinstance(found, Record):
            why = f": {found.reason}" if found else ""
            raise _Different(f"OAI-PMH has no {self._known.paper.id}{why}")
        return self._compared(found.paper, _FIELDS_BY_OAI)

    def _ask(self, question: Question) -> Page:
        return self._query.ask(lambda _, __: question)


#: What to do when arXiv blocks the program.
STOP = "don't ask again before reading https://info.arxiv.org/help/robots.html; set [arxiv] contact"


class _Different(Exception):
    """arXiv's answer is not what the program assumes; `assumes` is the file, if another one."""

    def __init__(self, found: str, assumes: str = "") -> None:
        super().__init__(found)
        self.assumes = assumes


def abstract_of(paper: Paper) -> str:
    """What an abstract is compared by."""
    return sha256(paper.abstract.encode()).hexdigest()


def _checked(name: str, assumes: str, find: Callable[[], str]) -> Check:
    try:
        return Check(name, State.OK, find(), "", assumes)
    except _Different as different:
        advice = "look for a newer version of the program, or report this"
        return Check(name, State.FAILED, str(different), advice, different.assumes or assumes)
    except Blocked as error:
        return Check(name, State.FAILED, error.message, STOP, _ANSWERS)
    except Unavailable as error:
        return Check(name, State.UNANSWERED, error.message, error.hint, assumes)
    except FetchError as error:
        return Check(name, State.FAILED, error.message, error.hint, assumes)


def _today(rss: Connection) -> str:
    items = parse_rss(rss.send({}))
    kinds = {item.kind for item in items}
    if strange := kinds - {"new", "cross", "replace", "replace-cross"}:
        raise _Different(f"it announces works as {', '.join(sorted(strange))}")
    new = sum(item.kind == "new" for item in items)
    return f"{counted(len(items), 'item')}, {new:,} new"
