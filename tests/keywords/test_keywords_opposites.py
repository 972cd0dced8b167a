"""Every edit of the keyword files has its opposite."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.keywords.editing.edits import Edits
from digest.model import Keyword
from digest.model.errors import UsageError

FILE = Path("keywords.toml")
TEXT = """\
# mine
[[topic]]
name = "one"
exclude = ["spin", "glass"] # no glasses

[[topic.group]]
keywords = ["qubit"]

[[topic]]
name = "two"
categories = ["cs.*"]

[[topic.group]]
name = "a"
keywords = ["x"]

[[topic.group]]
name = "b"
keywords = ["y"]
"""


def edits(text: str = TEXT) -> Edits:
    return Edits({FILE: text})


def test_what_was_excluded_is_included_again() -> None:
    assert 'exclude = ["spin"] # no glasses' in edits().include("Glass", "one").text
    excluded = edits(TEXT).exclude("ice", "one").text
    assert edits(excluded).include("ice", "one").text == TEXT
    assert not edits().include("ice", "one").is_change


def test_an_added_topic_or_group_can_be_removed() -> None:
    assert edits(edits().add_topic("three", ["z"]).text).remove_topic("three").text.strip() == (
        TEXT.strip()
    )
    left = edits().remove_group("b", "two").text
    assert '"y"' not in left and '"x"' in left and "# mine" in left
    with pytest.raises(UsageError, match="only one"):
        edits(left).remove_group("a", "two")
    alone = edits().remove_topic("two").text
    with pytest.raises(UsageError, match=r"only one of keywords\.toml"):
        edits(alone).remove_topic("one")


def test_categories_are_set() -> None:
    assert 'categories = ["quant-ph"]' in edits().set_categories(["quant-ph"], "two").text
    assert 'categories = ["quant-ph"]' in edits().set_categories(["quant-ph"], "one").text
    assert not edits().set_categories(["cs.*"], "two").is_change


def test_a_group_need_not_be_named_where_there_is_one_and_has_a_number_without_a_name() -> None:
    assert '"qubit", "qudit"' in edits().add(Keyword("qudit"), None, "one").text
    assert '"qubit", "qudit"' in edits().add(Keyword("qudit"), "1", "one").text
    with pytest.raises(UsageError, match="Groups: 'a' and 'b'"):
        edits().add(Keyword("z"), None, "two")
