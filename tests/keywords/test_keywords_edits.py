"""Edits of keyword files as text: what changes, what stays, what is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import load
from digest.config.defaults import shipped
from digest.config.workspace import create
from digest.keywords.editing.arrays import layout
from digest.keywords.editing.edits import LAST, Edit, Edits, Place
from digest.model import Keyword
from digest.model.errors import UsageError

FILE = Path("keywords.toml")
MORE = Path("topics", "robots.toml")

COMMENTED = """\
# At the top, about the whole file.

[[topic]]  # the only one so far
# About the name.
name = "serving"
categories = [ "cs.*",  "stat.ML" ]  # any case

exclude = [  # what I saw too often
  "spiking",
  # "BEV" comes back one day
]

  [[topic.group]]
  name = 'technique' # in single quotes
  color = "F08080"
  # Most wanted first.
  keywords = [ # the list
    # about both of these
    'KV cache',  # with the space

    # shorter ones
    'KV',
    { text = "MX", whole_word = true },  # not in MXNet
    "low-bit", "4-bit", # bits
    "it's"
    # no more
  ]
  # Behind the list.

# Nobody reads this.

[[topic.group]]
keywords = ["LLM","vLLM"] # on one line
#   [[topic.group]]
#   keywords = ["an idea"]

# The second topic.
[[topic]]
[[topic.group]]
keywords = ["robot"]
# The end, without a line end."""


def edits(text: str, more: str | None = None) -> Edits:
    return Edits({FILE: text} if more is None else {FILE: text, MORE: more})


def words(text: str) -> list[list[list[str]]]:
    """The keywords of each group of each topic."""
    return [
        [
            [one["text"] if isinstance(one, dict) else one for one in group["keywords"]]
            for group in topic["group"]
        ]
        for topic in tomllib.loads(text)["topic"]
    ]


def changed(old: str, new: str) -> list[str]:
    """The lines that went, with a minus, and that came, with a plus."""
    a, b = old.split("\n"), new.split("\n")
    found = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [f"-{line}" for line in a[a1:a2]] + [f"+{line}" for line in b[b1:b2]]
    return found


def add(word: str, group: str, place: Place = LAST) -> Callable[[Edits], Edit]:
    return lambda it: it.add(Keyword(word), group, "serving", place)


LINES = {
    "first": (add("FP8", "technique", Place(first=True)), ["+    'FP8',"]),
    "before": (add("FP8", "technique", Place("KV")), ["+    'FP8',"]),
    "within a line": (
        add("FP8", "technique", Place("4-bit")),
        ['-    "low-bit", "4-bit", # bits', '+    "low-bit", "FP8", "4-bit", # bits'],
    ),
    "last": (add("FP8", "technique"), ['-    "it\'s"', '+    "it\'s",', '+    "FP8"']),
    "with quotes in it": (
        add("say \"'a'\"", "technique", Place("KV")),
        ['+    "say \\"\'a\'\\"",'],
    ),
    "on one line": (
        add("GPT", "group 2"),
        [
            '-keywords = ["LLM","vLLM"] # on one line',
            '+keywords = ["LLM","vLLM","GPT"] # on one line',
        ],
    ),
    "as a table": (
        lambda it: it.add(Keyword("X", True, True), "technique", "serving", Place("KV")),
        ["+    { text = 'X', whole_word = true, case = true },"],
    ),
    "settings for one that has none": (
        lambda it: it.add(Keyword("KV", whole_word=True), "technique", "serving"),
        ["-    'KV',", "+    { text = 'KV', whole_word = true },"],
    ),
    "settings within a line": (
        lambda it: it.add(Keyword("4-bit", True, True), "technique", "serving"),
        [
            '-    "low-bit", "4-bit", # bits',
            '+    "low-bit", { text = "4-bit", whole_word = true, case = true }, # bits',
        ],
    ),
    "one more setting": (
        lambda it: it.add(Keyword("MX", case=True), "technique", "serving"),
        [
            '-    { text = "MX", whole_word = true },  # not in MXNet',
            '+    { text = "MX", whole_word = true, case = true },  # not in MXNet',
        ],
    ),
    "remove": (lambda it: it.remove("KV cache"), ["-    'KV cache',  # with the space"]),
    "remove from a line": (
        lambda it: it.remove("low-bit"),
        ['-    "low-bit", "4-bit", # bits', '+    "4-bit", # bits'],
    ),
    "remove from the end of a line": (
        lambda it: it.remove("4-bit"),
        ['-    "low-bit", "4-bit", # bits', '+    "low-bit", # bits'],
    ),
    "remove the last": (
        lambda it: it.remove("it's"),
        ['-    "low-bit", "4-bit", # bits', '-    "it\'s"', '+    "low-bit", "4-bit" # bits'],
    ),
    "move with its comment": (
        lambda it: it.move("MX", Place(first=True)),
        [
            '+    { text = "MX", whole_word = true },  # not in MXNet',
            '-    { text = "MX", whole_word = true },  # not in MXNet',
        ],
    ),
    "move without its comment, where there is no line for it": (
        lambda it: it.move("MX", group="group 2"),
        [
            '-    { text = "MX", whole_word = true },  # not in MXNet',
            "+    # not in MXNet",
            '-keywords = ["LLM","vLLM"] # on one line',
            '+keywords = ["LLM","vLLM",{ text = "MX", whole_word = true }] # on one line',
        ],
    ),
    "exclude": (lambda it: it.exclude("FP8", "serving"), ['+  "FP8",']),
    "exclude the first": (lambda it: it.exclude("FP8", "topic 2"), ['+exclude = ["FP8"]']),
    "a group": (
        lambda it: it.add_group("hardware", ["GPU", "FP8"], "serving", "abcdef"),
        [
            *("+[[topic.group]]", '+name = "hardware"', '+color = "abcdef"'),
            *("+keywords = [", '+  "GPU",', '+  "FP8",', "+]", "+"),
        ],
    ),
    "a topic": (
        lambda it: it.add_topic("chips", ["GPU"], "any", ["cs.AR"]),
        [
            *("+", "+[[topic]]", '+name = "chips"', '+categories = ["cs.AR"]', "+"),
            *("+[[topic.group]]", '+name = "any"', "+keywords = [", '+  "GPU",', "+]", "+"),
        ],
    ),
}


@pytest.mark.parametrize("case", LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_edit_changes_its_own_lines_and_no_other(case: str, end: str) -> None:
    change, lines = LINES[case]
    edit = change(edits(COMMENTED.replace("\n", end)))
    assert edit.is_change
    assert edit.text.count("\r\n") == (edit.text.count("\n") if end == "\r\n" else 0)
    assert changed(COMMENTED, edit.text.replace("\r\n", "\n")) == lines


def test_a_new_group_leaves_what_is_said_of_the_next_topic_where_it_is() -> None:
    text = COMMENTED.replace('#   [[topic.group]]\n#   keywords = ["an idea"]\n\n', "")
    added = edits(text).add_group("hardware", ["GPU"], "serving").text
    assert "]\n# The second topic.\n[[topic]]" in added


TWICE: dict[str, Callable[[Edits], Edit]] = {
    "add": add("FP8", "technique"),
    "settings": lambda it: it.add(Keyword("MX", case=True), "technique"),
    "add elsewhere": add("FP8", "technique", Place(first=True)),
    "remove": lambda it: it.remove("KV", "technique"),
    "move": lambda it: it.move("KV", Place(first=True)),
    "move behind": lambda it: it.move("KV"),
    "move before": lambda it: it.move("KV", Place("low-bit")),
    "move over": lambda it: it.move("KV", group="group 2"),
    "exclude": lambda it: it.exclude("FP8", "serving"),
    "add_group": lambda it: it.add_group("hardware", ["GPU", "GPU"], "serving", "ABCDEF"),
    "add_topic": lambda it: it.add_topic("chips", ["GPU"]),
}


@pytest.mark.parametrize("case", TWICE)
def test_the_same_twice_is_no_change(case: str) -> None:
    once = TWICE[case](edits(COMMENTED))
    twice = TWICE[case](edits(once.text))
    assert once.is_change
    assert not twice.is_change
    assert twice.text == once.text
    assert twice.what


WRONG: dict[str, tuple[Callable[[Edits], Edit], str, str]] = {
    "unknown group": (
        lambda it: it.add(Keyword("FP8"), "technik", "serving"),
        "group 'technik' does not exist in topic 'serving'",
        "Did you mean 'technique'? Known: 'technique' and 'group 2'.",
    ),
    "unknown topic": (
        lambda it: it.exclude("FP8", "service"),
        "topic 'service' does not exist",
        "Did you mean 'serving'? Known: 'serving' and 'topic 2'.",
    ),
    "which topic": (
        lambda it: it.exclude("FP8"),
        "which topic? There are 'serving' and",
        "--topic",
    ),
    "empty": (add("", "technique"), "a keyword cannot be empty", ""),
    "blank": (add(" \t", "technique"), "a keyword cannot be empty", ""),
    "empty exclusion": (
        lambda it: it.exclude("", "serving"),
        "an excluded word cannot be empty",
        "",
    ),
    "another group": (
        add("LLM", "technique"),
        "'LLM' is in group 'group 2' of the same topic",
        "--group 'technique'",
    ),
    "new group with another's": (
        lambda it: it.add_group("hardware", ["GPU", "KV"], "serving"),
        "'KV' is in group 'technique' of the same topic",
        "every group",
    ),
    "group that is there": (
        lambda it: it.add_group("technique", ["GPU"], "serving"),
        "group 'technique' of topic 'serving' already exists",
        "keywords add",
    ),
    "topic that is there": (
        lambda it: it.add_topic("serving", ["GPU"]),
        "topic 'serving' already exists",
        "add-group",
    ),
    "colour": (
        lambda it: it.add_group("hardware", ["GPU"], "serving", "red"),
        "'red' is not a valid colour",
        "six hexadecimal digits",
    ),
    "before what is not there": (
        add("FP8", "technique", Place("low-bits")),
        "keyword 'low-bits' does not exist in group 'technique'",
        "Did you mean 'low-bit'?",
    ),
    "before what is elsewhere": (
        add("FP8", "technique", Place("LLM")),
        "'LLM' is not in group 'technique' of topic 'serving', but in group 'group 2'",
        "--group 'group 2'",
    ),
    "move what is not there": (
        lambda it: it.move("low-bits"),
        "keyword 'low-bits' does not exist",
        "Did you mean 'low-bit'?",
    ),
    "the only one": (
        lambda it: it.remove("robot"),
        "'robot' is the only keyword of group 'group 1' of topic 'topic 2'",
        "keywords edit",
    ),
    "an unknown group to remove from": (
        lambda it: it.remove("KV", "technik"),
        "group 'technik' does not exist",
        "Did you mean 'technique'?",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_edit_is_refused_with_what_to_do(case: str) -> None:
    change, message, hint = WRONG[case]
    with pytest.raises(UsageError) as caught:
        change(edits(COMMENTED))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_word_that_is_not_there_was_perhaps_another() -> None:
    edit = edits(COMMENTED).remove("low-bits", "technique")
    assert not edit.is_change
    expected = "'low-bits' is not a keyword of group 'technique' (did you mean 'low-bit'?)"
    assert edit.what == expected


def test_one_place_at_a_time() -> None:
    with pytest.raises(UsageError, match="one place only"):
        Place("KV", first=True)


def test_a_word_of_two_topics_has_to_be_told_apart() -> None:
    text = COMMENTED.replace('["robot"]', '["robot", "KV"]')
    with pytest.raises(UsageError, match=r"'KV' is in .*'serving' and .*'topic 2'"):
        edits(text).remove("KV")
    assert words(edits(text).remove("KV", topic="topic 2").text)[1] == [["robot"]]


def test_a_group_that_only_one_topic_has_needs_no_topic() -> None:
    assert edits(COMMENTED).add(Keyword("FP8"), "technique").is_change


def test_topics_of_several_files_are_edited_in_their_own() -> None:
    robots = '[[topic]]\n[[topic.group]]\nname = "arms"\nkeywords = ["arm"]\n'
    edit = edits(COMMENTED, robots).add(Keyword("hand"), "arms", "topic 3")
    assert edit.file == MORE
    assert words(edit.text) == [[["arm", "hand"]]]
    assert edits(COMMENTED, robots).add_topic("chips", ["GPU"]).file == FILE


def test_without_headers_there_is_no_place_for_a_group() -> None:
    text = 'topic = [{ name = "a", group = [{ keywords = ["x"] }] }]\n'
    with pytest.raises(UsageError, match="written without"):
        edits(text).add_group("b", ["y"])
    with pytest.raises(UsageError, match="written without"):
        edits(text).exclude("y")
    with pytest.raises(UsageError, match="written without"):
        edits(text).add_topic("b", ["y"])
    assert words(edits(text).add(Keyword("y"), "group 1").text) == [[["x", "y"]]]


EMPTY = {
    "[]": '["a"]',
    "[ ]": '["a"]',
    "[\n]": '[\n  "a",\n]',
    "[ # none\n  ]": '[ # none\n    "a",\n  ]',
    "[\n  # none yet\n]": '[\n  "a",\n  # none yet\n]',
}


@pytest.mark.parametrize("text", EMPTY)
def test_the_first_of_an_empty_list(text: str) -> None:
    assert layout(text).with_value('"a"', 0).text() == EMPTY[text]


def test_a_comment_before_a_comma_stays() -> None:
    text = '[ "a" # first\n, "b" # second\n ]'
    assert layout(text).without(1).text() == '[ "a" # first\n # second\n ]'
    assert "# second" in layout(text).without(0).text()


def test_a_comment_needs_a_line() -> None:
    assert layout('[\n  "a",\n  "b",\n]').is_free_line(2)
    assert not layout('[\n  "a",\n  "b"]').is_free_line(2)
    assert not layout('["a", "b"]').is_free_line(0)


# --- for all edits

VOCABULARY = (
    "FP8",
    "KV",
    "KV cache",
    "MX",
    "low-bit",
    "4-bit",
    "it's",
    "LLM",
    "a\"'b",
    "é\\",
    "#x",
)
PLACES = st.one_of(
    st.just(LAST), st.just(Place(first=True)), st.builds(Place, st.sampled_from(VOCABULARY))
)
GROUPS = st.sampled_from(["technique", "group 2"])
WORDS = st.sampled_from(VOCABULARY)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(
    lambda name: bool(name.strip())
)


@st.composite
def changes(draw: st.DrawFn) -> Callable[[Edits], Edit]:
    word, group, place = draw(WORDS), draw(GROUPS), draw(PLACES)
    keyword = Keyword(word, draw(st.sampled_from([None, True])))
    name = draw(NAMES)
    possible: list[Callable[[Edits], Edit]] = [
        lambda it: it.add(keyword, group, "serving", place),
        lambda it: it.remove(word, topic="serving"),
        lambda it: it.move(word, place, topic="serving"),
        lambda it: it.move(word, place, group, topic="serving"),
        lambda it: it.exclude(word, "serving"),
        lambda it: it.add_group(name, [f"{name}!"], "serving", "ABCDEF"),
        lambda it: it.add_topic(name, [word]),
    ]
    return draw(st.sampled_from(possible))


def own_lines(text: str) -> list[str]:
    """The comments that stand on lines of their own, and those of keys; blank lines as well."""
    lines = text.replace("\r", "").split("\n")
    return [line for line in lines if not line.strip() or line.strip()[0] == "#"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    create(folder)
    return folder


@settings(max_examples=20)
@given(todo=st.lists(changes(), min_size=1, max_size=6), crlf=st.booleans())
def test_any_edits_keep_every_comment_and_make_a_file_that_loads(
    todo: list[Callable[[Edits], Edit]], workspace: Path, *, crlf: bool
) -> None:
    text = COMMENTED.replace("\n", "\r\n") if crlf else COMMENTED
    for change in todo:
        try:
            edit = change(edits(text))
        except UsageError:
            continue
        assert edit.is_change == (edit.text != text)
        kept = own_lines(text)
        after = iter(own_lines(edit.text))
        assert all(line in after for line in kept), edit.what
        text = edit.text
    assert load(workspace, {}, texts={workspace / "config/keywords.toml": text}).topics


@settings(max_examples=30)
@given(word=NAMES, group=GROUPS, place=PLACES, crlf=st.booleans())
def test_adding_and_removing_gives_the_same_bytes(
    word: str, group: str, place: Place, *, crlf: bool
) -> None:
    text = COMMENTED.replace("\n", "\r\n") if crlf else COMMENTED
    try:
        edit = edits(text).add(Keyword(word), group, "serving", place)
    except UsageError:
        return
    if edit.is_change:
        assert edits(edit.text).remove(word, topic="serving").text == text


BLANKS = st.sampled_from(["", " ", "  ", "\n", "\n  ", "  # c\n  ", "\n\n  # d\n  "])
ELEMENTS = st.lists(st.tuples(BLANKS, BLANKS), min_size=1, max_size=5)


@given(parts=ELEMENTS, tail=BLANKS, comma=st.booleans(), place=st.integers(0, 5))
def test_any_layout_of_a_list_is_read_and_edited(
    parts: list[tuple[str, str]], tail: str, place: int, *, comma: bool
) -> None:
    inside = ",".join(f'{before}"{n}"{gap}' for n, (before, gap) in enumerate(parts))
    text = f"[{inside}{',' if comma else ''}{tail}]"
    before = layout(text)
    place = min(place, len(parts))
    assert before.text() == text
    added = before.with_value('"x"', place)
    values = [f'"{n}"' for n in range(len(parts))]
    assert tomllib.loads(f"a = {added.text()}")["a"] == [
        str(n)[1:-1] for n in [*values[:place], '"x"', *values[place:]]
    ]
    assert layout(added.text()).without(place).text() == text


@given(parts=st.lists(st.tuples(BLANKS, BLANKS), min_size=2, max_size=5), data=st.data())
def test_whatever_is_removed_the_comments_above_stay(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    inside = ",".join(f'{before}"{n}"{gap}' for n, (before, gap) in enumerate(parts))
    text = f"[{inside}{data.draw(st.sampled_from(['', ',']))}{data.draw(BLANKS)}]"
    place = data.draw(st.integers(0, len(parts) - 1))
    left = layout(text).without(place).text()
    values = [str(n) for n in range(len(parts)) if n != place]
    assert tomllib.loads(f"a = {left}")["a"] == values
    assert left.count("# d") >= text.count("# d") - parts[place][1].count("# d")


def test_the_shipped_file_is_edited_as_any_other() -> None:
    text = shipped("config/keywords.toml")
    assert changed(text, edits(text).add(Keyword("FP8"), "technique").text) == ['+  "FP8",']


ONLY_AUTHORS = """\
[[topic]]
name = "people"
authors_suffice = true

[[topic.author]]
name = "Ødegård, Kari"  # of the next office
color = "6495ED"
# That is all.
"""


def test_a_topic_of_authors_alone_can_be_edited_and_gets_its_first_group() -> None:
    def edited(change: Callable[[Edits], Edit]) -> str:
        return change(Edits({FILE: ONLY_AUTHORS})).text

    assert edited(lambda edits: edits.exclude("spiking")) == ONLY_AUTHORS.replace(
        'name = "people"\n', 'name = "people"\nexclude = ["spiking"]\n', 1
    )
    group = edited(lambda edits: edits.add_group("g", ["LLM"]))
    assert group == ONLY_AUTHORS + '\n[[topic.group]]\nname = "g"\nkeywords = [\n  "LLM",\n]\n'
    more = edited(lambda edits: edits.add_topic("more", ["LLM"]))
    assert more.startswith(ONLY_AUTHORS) and 'name = "more"' in more
    assert not Edits({FILE: ONLY_AUTHORS}).remove("LLM").is_change
    with pytest.raises(UsageError, match="group 'g' does not exist"):
        Edits({FILE: ONLY_AUTHORS}).add(Keyword("LLM"), "g")


GROUPS_AND_AUTHORS = ONLY_AUTHORS + '[[topic.group]]\nname = "g"\nkeywords = ["a"]\n'


def test_an_edit_beside_authors_keeps_them() -> None:
    change = Edits({FILE: GROUPS_AND_AUTHORS}).add(Keyword("LLM"), "g")
    assert change.text == GROUPS_AND_AUTHORS.replace('["a"]', '["a", "LLM"]')


def test_groups_and_authors_that_take_turns_are_left_to_the_editor() -> None:
    text = GROUPS_AND_AUTHORS + '[[topic.author]]\nname = "B"\n'
    with pytest.raises(UsageError, match="are interleaved"):
        Edits({FILE: text})
