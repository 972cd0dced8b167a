"""Send digests, and note what was accepted: once a day and receiver, again after a failure.

It is noted when a server has accepted it, and not before. A process that dies in between has sent
something that is not on record, and the next one sends it again: to send twice is the smaller
evil. Mail has the same Message-ID then, by which mail programs know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from digest.archive import Archive, DigestRecord, SentPapers
from digest.config import Config
from digest.model.errors import DigestError, UsageError
from digest.model.reports import RunReport
from digest.outlets.mail.chat import chat
from digest.outlets.mail.dispatch import Dispatch
from digest.outlets.mail.due import additions, due, first_for_new
from digest.outlets.mail.receivers import Receiver, chosen, receivers
from digest.outlets.mail.report import DaySent, Preview, PreviewReport, SendReport, Unsent, lines
from digest.outlets.mail.sample import sample
from digest.outlets.mail.text import plain_text
from digest.outlets.mail.words import ADDITION, subject
from digest.outlets.post.fitting import whole
from digest.outlets.post.letters import Answer
from digest.outlets.post.posting import Post, post
from digest.writer.editions import Edition, Editions

#: What has failed for longer than a weekend needs a person, whatever the answer.
_OVERDUE = timedelta(days=3)


#: Notes that papers of a digest were accepted for a receiver.
Note = Callable[[date, str, Sequence[str], datetime], None]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A digest and whom to send it to; `sent_before` names those who have it already.

    `is_overdue` says that it should have been sent days ago.
    """

    edition: Edition
    to: tuple[Receiver, ...]
    sent_before: tuple[str, ...] = ()
    is_overdue: bool = False


class Sending:
    """The sending of one workspace; `now` is the clock."""

    def __init__(
        self,
        config: Config,
        archive: Archive,
        editions: Editions,
        now: Callable[[], datetime],
        post: Post = post,
    ) -> None:
        self._settings = config.send
        self._site = config.site.url
        self._path = str(config.digest.archive)
        self._catch_up = timedelta(days=config.digest.catch_up_days)
        self._deliveries = archive.deliveries
        self._editions = editions
        self._now = now
        self._dispatch = Dispatch(config, now, post)

    def due(self, names: Sequence[str] = (), *, really: bool = True) -> list[Parcel]:
        """What is to be sent now to the receivers with these names, to all if there are none.

        `really` notes with which digest new receivers begin. Raises ConfigError and UsageError.
        """
        to = {one.name: one for one in self._receivers(names)}
        records = self._editions.records()
        first = first_for_new(records)
        if first is None:
            return []
        if really:
            self._deliveries.begin(to, first)
        begins = dict.fromkeys(to, first)
        begins |= {name: day for name, day in self._deliveries.begins().items() if name in to}
        today, sent = self._now().date(), self._deliveries.sent()
        oldest = today - self._catch_up
        whole = [
            Parcel(
                edition,
                tuple(to[name] for name in who),
                is_overdue=edition.day < today - _OVERDUE,
            )
            for record, who in due(records, begins, sent, oldest)
            if (edition := self._editions.written(record)).shown
        ]
        more = [
            Parcel(edition, tuple(to[name] for name in who))
            for record, papers, who in additions(records, to, self._deliveries.papers(), oldest)
            if (edition := _joined(self._editions.written(record), papers)).shown
        ]
        return whole + more

    def of_day(self, day: date, names: Sequence[str] = ()) -> list[Parcel]:
        """The digest of a day, however old, for those who have not got it.

        Raises UsageError if the digest does not exist or is empty, and ConfigError.
        """
        to = self._receivers(names)
        edition = self._editions.written(self._record(day))
        if not edition.shown:
            raise UsageError(f"nothing to send: the digest of {day} has no papers")
        before = {name for of, name in self._deliveries.sent() if of == day}
        return [
            Parcel(
                edition,
                tuple(one for one in to if one.name not in before),
                tuple(one.name for one in to if one.name in before),
            )
        ]

    def preview(self, parcels: Sequence[Parcel]) -> PreviewReport:
        """The messages that would be sent, without sending any."""
        return PreviewReport(tuple(one for parcel in parcels for one in self._previews(parcel)))

    def send(self, parcels: Sequence[Parcel]) -> SendReport:
        """Send, and note each digest for a receiver as soon as it was accepted.

        Who cannot be reached is not tried again with the next parcel. Raises PostError if nothing
        can be sent at all, ConfigError, UsageError and ArchiveError.
        """
        given_up: set[str] = set()
        days = []
        for parcel in parcels:
            to = tuple(one for one in parcel.to if one.name not in given_up)
            name = self._path
            if parcel.edition.state == ADDITION:  # another message than that of the digest
                name = f"{name} {' '.join(parcel.edition.ids)}"
            day = self._sent(replace(parcel, to=to), name, self._note)
            given_up |= {one.receiver for one in day.unsent if one.is_out_of_reach}
            days.append(day)
        return SendReport(tuple(days))

    def _note(self, of: date, name: str, ids: Sequence[str], now: datetime) -> None:
        (record,) = self._editions.records(of, of)
        self._deliveries.note(of, name, SentPapers(frozenset(ids), record.made_with), now)

    def try_out(self, parcel: Parcel) -> SendReport:
        """Send a parcel that goes on no record. Raises like `send`."""
        # Not by the workspace's name: the digest of the day is another message than this one.
        name = f"test of {self._now()}"
        return SendReport((self._sent(parcel, name, lambda *_: None),), is_test=True)

    def test_parcel(self, names: Sequence[str] = ()) -> Parcel:
        """A short edition of invented papers for `try_out`. Raises ConfigError and UsageError."""
        return Parcel(sample(self._now()), tuple(self._receivers(names)))

    def _receivers(self, names: Sequence[str]) -> list[Receiver]:
        found = chosen(receivers(self._settings.receivers_file), names)
        with_mail = [one.name for one in found if one.is_mail]
        if with_mail and not (self._settings.host and self._settings.sender):
            raise UsageError(
                f"cannot send mail, as to {with_mail[0]}: [send] host or sender is empty",
                hint="name a mail server and the address that mail comes from",
            )
        return found

    def _record(self, day: date) -> DigestRecord:
        records = self._editions.records(day, day)
        if not records:
            raise self._editions.absence(
                day, day, "`digest backfill` makes the digests of past days"
            )
        return records[0]

    def _sent(self, parcel: Parcel, workspace: str, note: Note) -> DaySent:
        edition = parcel.edition
        answers: dict[str, Answer] = {}
        for receiver, answer in self._dispatch.send(edition, parcel.to, workspace):
            answers[receiver.name] = answer
            if answer.is_sent:
                note(edition.day, receiver.name, edition.ids, self._now())
        return DaySent(
            edition.day,
            len(edition.shown),
            tuple(one.name for one in parcel.to if answers[one.name].is_sent),
            parcel.sent_before,
            tuple(
                Unsent(
                    one.name,
                    answer.why,
                    answer.is_lasting or parcel.is_overdue,
                    answer.is_out_of_reach,
                )
                for one in parcel.to
                if not (answer := answers[one.name]).is_sent
            ),
        )

    def _previews(self, parcel: Parcel) -> Iterator[Preview]:
        edition = parcel.edition
        mail = tuple(one.name for one in parcel.to if one.is_mail)
        chats = tuple(one.name for one in parcel.to if not one.is_mail)
        if mail:
            text = plain_text(edition, self._site)
            yield Preview(edition.day, mail, "mail", subject(edition), text)
        if chats:
            text = whole(chat(edition, self._site, ""))
            yield Preview(edition.day, chats, "chat", subject(edition), text)


def _joined(edition: Edition, papers: Set[str]) -> Edition:
    """Of an edition what joined it after it was sent."""
    shown = tuple(each for each in edition.shown if each.paper.id in papers)
    return replace(edition, shown=shown, state=ADDITION)


def after_run(report: RunReport, sending: Sending) -> RunReport:
    """Send what is due; the run's report with what was sent, and with what was not."""
    try:
        sent = sending.send(sending.due())
    except DigestError as error:
        return report.and_then(error)
    return report.and_then(sent.failure, lines(sent))
