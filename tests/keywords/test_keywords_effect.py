"""The effect of an edit is the difference between the rebuilds before and after it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from desk import Desk
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from digest.archive import Archive
from digest.config import Config
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar
from digest.keywords.touched import Touched, touched
from digest.model import (
    CLEAN,
    SOURCE,
    Author,
    Group,
    Keyword,
    Style,
    Topic,
    base_of,
    plain_keywords,
)
from digest.model.changes import DayEffect, DigestChange, Effect
from digest.simulator import Corpus
from digest.writer.format.read import read_back

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(
    seed=7, first=date(2025, 2, 3), last=date(2025, 3, 7), per_day=25, revised=0.3
)
WORDS = ("model", "models", "scale", "noise", "the", "of", "a", "LLM", "cache", "estimate", "new")
COLORS = ("F08080", "FF8C00")
NAMES = ("one", "two", "three")

plain = st.sampled_from(WORDS).map(Keyword)
overridden = st.builds(
    Keyword,
    st.sampled_from(WORDS),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, True, False]),
)
groups = st.builds(
    Group,
    st.uuids().map(str),
    st.sampled_from(COLORS),
    st.lists(plain | overridden, min_size=1, max_size=4, unique_by=lambda k: k.text).map(tuple),
)
#: Names that are in this corpus, also in forms that it has not.
AUTHORS = (
    "Mullenbach, Kavya",
    "J. Kovářová",
    "D'Angelis",
    "Aino Jonasson",
    "K. Haddadi",
    "A. Noone",
)
authors = st.lists(
    st.builds(Author, st.sampled_from(AUTHORS), st.sampled_from(COLORS), st.booleans()),
    max_size=3,
    unique_by=lambda author: author.name,
).map(tuple)
flags = st.booleans()
topics = st.lists(
    st.builds(
        Topic,
        st.sampled_from(NAMES),
        st.lists(groups, min_size=1, max_size=3).map(tuple),
        st.sampled_from([(), ("cs.*",), ("math.*", "cs.LG")]),
        st.lists(st.sampled_from(("result", "Bound", "we show")), max_size=2, unique=True).map(
            tuple
        ),
        authors,
        flags,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda topic: topic.name,
).map(tuple)


@st.composite
def edits(draw: st.DrawFn) -> tuple[tuple[Topic, ...], tuple[Topic, ...]]:
    """Topics, and the same ones after one to three small edits."""
    before = after = draw(topics)
    for _ in range(draw(st.integers(1, 3))):
        after = draw(edited(after))
    return before, after


@st.composite
def edited(draw: st.DrawFn, before: tuple[Topic, ...]) -> tuple[Topic, ...]:
    number = draw(st.integers(0, len(before) - 1))
    topic = before[number]
    place = draw(st.integers(0, len(topic.groups) - 1))
    group = topic.groups[place]
    words = list(group.keywords)
    kinds = ["add", "remove", "move", "exclude", "colour", "group", "topics", "authors"]
    match draw(st.sampled_from(kinds)):
        case "add":
            new = draw(plain | overridden)
            if new.text not in {word.text for word in words}:
                words.insert(draw(st.integers(0, len(words))), new)
        case "remove" if len(words) > 1:
            del words[draw(st.integers(0, len(words) - 1))]
        case "move":
            words = draw(st.permutations(words))
        case "exclude":
            topic = dataclasses.replace(topic, exclude=draw(topics)[0].exclude)
        case "colour":
            group = dataclasses.replace(group, color=draw(st.sampled_from(COLORS)))
        case "group":
            more = draw(groups)
            topic = dataclasses.replace(topic, groups=(*topic.groups, more))
        case "authors":
            topic = dataclasses.replace(topic, authors=draw(authors), authors_suffice=draw(flags))
        case "topics":
            return draw(topics)
    group = dataclasses.replace(group, keywords=tuple(words))
    rest = topic.groups[:place], topic.groups[place + 1 :]
    topic = dataclasses.replace(topic, groups=(*rest[0], group, *rest[1]))
    return (*before[:number], topic, *before[number + 1 :])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three daily runs."""
    desk = Desk(tmp_path_factory.mktemp("effect"), CORPUS, topics=text((topic("the"),)))
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk


def topic(*words: str, name: str = "one", exclude: tuple[str, ...] = ()) -> Topic:
    return Topic(name, (Group("group", "F08080", plain_keywords(*words)),), (), exclude)


def text(configured: tuple[Topic, ...]) -> str:
    """The topics as a keywords file."""
    lines = []
    for one in configured:
        lines += ["[[topic]]", f"name = {json.dumps(one.name)}"]
        lines += [f"categories = {json.dumps(one.categories)}"]
        lines += [f"exclude = {json.dumps(one.exclude)}"]
        lines += [f"authors_suffice = {json.dumps(one.authors_suffice)}"]
        for author in one.authors:
            key = "exact" if author.exact else "name"
            lines += ["[[topic.author]]", f"{key} = {json.dumps(author.name)}"]
            lines += [f'color = "{author.color}"']
        for group in one.groups:
            words = ", ".join(map(value, group.keywords))
            lines += ["[[topic.group]]", f"name = {json.dumps(group.name)}"]
            lines += [f'color = "{group.color}"', f"keywords = [{words}]"]
    return "\n".join(lines)


def value(word: Keyword) -> str:
    flags = {"whole_word": word.whole_word, "case": word.case}
    given = [f"{flag} = {json.dumps(on)}" for flag, on in flags.items() if on is not None]
    text = json.dumps(word.text)
    return f"{{ {', '.join([f'text = {text}', *given])} }}" if given else text


def configure(desk: Desk, configured: tuple[Topic, ...], style: Style) -> Config:
    (desk.folder / "config/keywords.toml").write_text(text(configured), encoding="utf-8")
    desk.configure(DIGEST_DIGEST__STYLE=style.name)
    return desk.config


def effect(
    desk: Desk,
    before: tuple[Topic, ...],
    after: tuple[Topic, ...],
    styles: tuple[Style, Style] = (SOURCE, SOURCE),
) -> Effect:
    """The effect as it is told to somebody who has the one and tries the other."""
    later = configure(desk, after, styles[1])
    configure(desk, before, styles[0])
    return desk.app.effect(later)


def rebuilt(
    desk: Desk,
    before: tuple[Topic, ...],
    after: tuple[Topic, ...],
    styles: tuple[Style, Style] = (SOURCE, SOURCE),
) -> tuple[Effect, list[DigestChange], list[int]]:
    """The effect told beforehand, what a rebuild then does to the files, their papers before."""
    configure(desk, before, styles[0])
    list(desk.app.rebuild(None, None, diff=False))
    sizes = [len(read_back(data).entries) for data in desk.files().values()]
    told = effect(desk, before, after, styles)
    configure(desk, after, styles[1])
    return told, list(desk.app.rebuild(None, None, diff=True)), sizes


@given(edits(), st.sampled_from([SOURCE, CLEAN]))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_effect_is_the_difference_between_two_rebuilds(
    desk: Desk, edit: tuple[tuple[Topic, ...], tuple[Topic, ...]], style: Style
) -> None:
    told, changes, sizes = rebuilt(desk, *edit, (style, style))
    event(f"all texts read: {touched(*edit) is None}")
    event(f"authors differ: {[t.sufficing for t in edit[0]] != [t.sufficing for t in edit[1]]}")
    assert [brief(day) for day in told.days] == [
        (
            change.day,
            size,
            change.papers,
            [(paper.id, paper.title) for paper in change.came],
            [(paper.id, paper.title) for paper in change.went],
            change.badges,
            change.bytes is not None,
        )
        for change, size in zip(changes, sizes, strict=True)
    ]


def brief(day: DayEffect) -> tuple[object, ...]:
    moves = [[(paper.id, paper.title) for paper in side] for side in (day.came, day.went)]
    return (day.day, day.before, day.after, *moves, day.badges, day.has_more)


def test_another_style_is_an_edit_too(desk: Desk) -> None:
    told, changes, _ = rebuilt(desk, (topic("scal"),), (topic("scal"),), (SOURCE, CLEAN))
    assert sum(len(change.went) for change in changes) == told.went > 0
    assert [day.after for day in told.days] == [change.papers for change in changes]


def test_a_move_shows_the_sentence_of_the_word_that_made_it(desk: Desk) -> None:
    told, _, _ = rebuilt(desk, (topic("noise"),), (topic("noise", "scales"),))
    assert told.came
    for move in (move for day in told.days for move in day.came):
        assert "scales" in [piece.text for piece in move.sentence if not isinstance(piece, str)]


def test_a_paper_that_is_excluded_shows_the_sentence_of_the_excluded_word(desk: Desk) -> None:
    free, strict = (topic("of"),), (topic("of", exclude=("EVIDENCE",)),)
    went = [move for day in effect_of(desk, free, strict) for move in day.went]
    came = [move for day in effect_of(desk, strict, free) for move in day.came]
    assert went == came != []
    by_title = [move for move in went if not move.sentence]
    assert 0 < len(by_title) < len(went)
    for move in went:
        text = "".join(one if isinstance(one, str) else one.text for one in move.sentence)
        assert re.search(r"\bevidence\b", text or move.title, re.IGNORECASE), move


def effect_of(
    desk: Desk, before: tuple[Topic, ...], after: tuple[Topic, ...]
) -> tuple[DayEffect, ...]:
    return rebuilt(desk, before, after)[0].days


def test_looking_changes_nothing_and_makes_no_archive(desk: Desk, tmp_path: Path) -> None:
    before = desk.files()
    effect(desk, (topic("noise"),), (topic("new", "noise"),))
    assert desk.files() == before
    empty = Desk(tmp_path, CORPUS)
    assert empty.app.effect(empty.config) == Effect(())
    assert not (tmp_path / "output/.archive.sqlite3").exists()


def test_the_papers_before_are_told_only_of_digests_made_with_the_keywords_before(
    desk: Desk,
) -> None:
    one, other = (topic("noise"),), (topic("scales"),)
    configure(desk, one, SOURCE)
    list(desk.app.rebuild(None, DAYS[1], diff=False))
    configure(desk, other, SOURCE)
    list(desk.app.rebuild(DAYS[2], None, diff=False))
    told = effect(desk, other, (topic("scales", "noise"),))
    assert [day.before is None for day in told.days] == [True, True, False]
    assert [day.after is None for day in told.days] == [True, True, False]
    later = configure(desk, (topic("scales", "noise"),), SOURCE)
    configure(desk, other, SOURCE)
    counted = desk.app.effect(later, counted=True)
    assert [(day.came, day.went, day.badges) for day in counted.days] == [
        (day.came, day.went, day.badges) for day in told.days
    ]
    assert None not in {day.before for day in counted.days}


def test_the_range_is_counted_back_from_the_newest_digest(desk: Desk) -> None:
    config = configure(desk, (topic("noise"),), SOURCE)
    assert [day.day for day in desk.app.effect(config, days=2).days] == DAYS[1:]
    assert [day.day for day in desk.app.effect(config, DAYS[0], DAYS[1]).days] == DAYS[:2]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (topic("a", "b"), topic("a", "b"), Touched(frozenset())),
        (topic("a"), topic("a", "b"), Touched(frozenset(plain_keywords("b")))),
        (topic("a", "b"), topic("b", "a"), Touched(frozenset(plain_keywords("b")))),
        (topic("a"), topic("a", exclude=("x",)), Touched(frozenset(), frozenset({"x"}))),
    ],
)
def test_only_what_differs_is_touched(before: Topic, after: Topic, expected: Touched) -> None:
    assert touched([before], [after]) == expected


def test_a_topic_that_comes_is_looked_for_by_its_smallest_group() -> None:
    two = Topic(
        "two",
        (
            Group("wide", "F08080", plain_keywords("a", "b", "c")),
            Group("narrow", "FF8C00", plain_keywords("d")),
        ),
    )
    assert touched([topic("z")], [topic("z"), two]) == Touched(frozenset(plain_keywords("d")))


def test_authors_are_looked_for_by_keywords_where_they_do_not_suffice() -> None:
    plain = topic("a", "b")
    followed = dataclasses.replace(plain, authors=(Author("Kari Ødegård", "6495ED"),))
    suffice = dataclasses.replace(followed, authors_suffice=True)
    assert touched([plain], [followed]) == Touched(frozenset(plain_keywords("a", "b")))
    assert touched([followed], [suffice]) is None
    assert touched([topic("z")], [topic("z"), dataclasses.replace(suffice, name="u")]) is None
    more = dataclasses.replace(suffice, groups=topic("a", "b", "c").groups)
    assert touched([suffice], [more]) == Touched(frozenset(plain_keywords("c")))


def test_another_order_of_topics_may_touch_anything() -> None:
    one, two = topic("a"), topic("b", name="two")
    assert touched([one, two], [two, one]) is None


def test_which_papers_are_a_digest_is_kept_until_a_place_nearby_becomes_known(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, CORPUS, topics=text((topic("the"),)))
    day = DAYS[0]
    desk.run_on(day)
    with Archive(tmp_path / "output/.archive.sqlite3") as archive:
        period, calendar = archive.ledger.digests()[day].period, Calendar()

        def find() -> Sequence[int] | None:
            return archive.batches.find(period, Announcements(archive, calendar, "").rule)

        def kept() -> bool:
            return find() is not None

        found = find()
        expected = {paper.id for paper in CORPUS.papers(day)}
        assert {base_of(place) for place in found or ()} == expected
        calendar.put_off(day)
        assert not kept()
        calendar = Calendar()
        known = CORPUS.papers(day)[3]
        archive.papers.store([dataclasses.replace(known, title="Another title")], day)
        assert kept()
        archive.papers.store([dataclasses.replace(known, id="hep-th/0101001")], day)
        assert kept()
        archive.papers.store([dataclasses.replace(known, id="2503.90000")], day)
        assert not kept()
