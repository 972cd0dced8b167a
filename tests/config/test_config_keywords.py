"""Keywords of their own kind, topics in several files, and texts that stand for files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from digest.config import DIGEST_FILE, KEYWORDS_FILE, TOPICS_FOLDER, keyword_files, load
from digest.model import CLEAN, Keyword
from digest.model.errors import ConfigError


def topic(name: str, keywords: str = '"a"') -> str:
    return f'[[topic]]\nname = "{name}"\n[[topic.group]]\nkeywords = [{keywords}]\n'


def workspace(folder: Path, files: Mapping[str, str]) -> Path:
    """A workspace with these files in `config/`, and settings that change nothing."""
    for name, text in {"digest.toml": "", **files}.items():
        file = folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, texts: Mapping[Path, str] | None = None) -> list[str]:
    """Every problem as the user reads it, with W for the workspace."""
    with pytest.raises(ConfigError) as caught:
        load(folder, {}, texts)
    return str(caught.value).replace(str(folder), "W").splitlines()


def names(folder: Path, texts: Mapping[Path, str] | None = None) -> list[str]:
    return [topic.name for topic in load(folder, {}, texts).topics]


def test_a_keyword_says_how_it_is_looked_for(tmp_path: Path) -> None:
    words = '"LLM", { text = "MX", whole_word = true, case = true }, { text = "net", case = false }'
    ((group,),) = (t.groups for t in load(workspace_of(tmp_path, words), {}).topics)
    assert group.keywords == (
        Keyword("LLM"),
        Keyword("MX", whole_word=True, case=True),
        Keyword("net", case=False),
    )


def workspace_of(folder: Path, keywords: str) -> Path:
    return workspace(folder, {"keywords.toml": topic("t", keywords)})


def test_a_keyword_table_with_its_text_alone_is_that_text(tmp_path: Path) -> None:
    plain = load(workspace_of(tmp_path, '"MX"'), {})
    assert load(workspace_of(tmp_path, '{ text = "MX" }'), {}) == plain


WRONG_KEYWORDS = {
    '{ text = "MX", whole_words = true }': [
        "[1].whole_words: unknown key, did you mean 'whole_word'? (known: text, whole_word, case)"
    ],
    "{ whole_word = true }": ["[1].text: is missing (the text to look for, not empty)"],
    '{ text = "" }': ["[1].text: is empty (the text to look for, not empty)"],
    '{ text = "a\\nb" }': [
        "[1].text: 'a\\nb' holds a control character (the text to look for, not empty)"
    ],
    '{ text = "MX", whole_word = 1, case = "no" }': [
        "[1].whole_word: got 1 (true: stands alone; false: anywhere, inside words too)",
        "[1].case: got 'no' (true: letters as written; false: any case)",
    ],
    "3": [
        "[1]: got 3 (a list of one or more words, none empty, none twice; a word is "
        '"MX" or { text = "MX", whole_word = true, case = true })'
    ],
    '"MX", { text = "MX", case = false }': [
        "[2]: 'MX' already exists, as number 1 (a list of one or more words, none empty, none "
        'twice; a word is "MX" or { text = "MX", whole_word = true, case = true })'
    ],
}


@pytest.mark.parametrize(("keywords", "expected"), WRONG_KEYWORDS.items())
def test_a_mistake_in_a_keyword_is_named(
    tmp_path: Path, keywords: str, expected: list[str]
) -> None:
    place = "W/config/keywords.toml:4: topic[1].group[1].keywords"
    assert told(workspace_of(tmp_path, keywords)) == [place + what for what in expected]


def test_a_keyword_over_several_lines_of_a_list_is_found_on_its_line(tmp_path: Path) -> None:
    (found,) = told(workspace_of(tmp_path, '\n  "a",\n  { text = " " },\n'))
    assert found.startswith(
        "W/config/keywords.toml:6: topic[1].group[1].keywords[2].text: is empty"
    )


def test_topic_files_follow_the_keywords_file_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {"topics/b.toml": topic("b"), "keywords.toml": topic("z"), "topics/a.toml": topic("a")}
    config = load(workspace(tmp_path, files), {})
    assert [topic.name for topic in config.topics] == ["z", "a", "b"]
    assert list(config.topic_files) == keyword_files(tmp_path)
    assert keyword_files(tmp_path) == [
        tmp_path / KEYWORDS_FILE,
        tmp_path / TOPICS_FOLDER / "a.toml",
        tmp_path / TOPICS_FOLDER / "b.toml",
    ]


def test_each_topic_is_told_with_its_file(tmp_path: Path) -> None:
    files = {"keywords.toml": topic("x") + topic("y"), "topics/a.toml": topic("z")}
    config = load(workspace(tmp_path, files), {})
    assert [file.name for file in config.topic_files] == ["keywords.toml"] * 2 + ["a.toml"]


def test_topics_without_a_name_are_counted_over_all_files(tmp_path: Path) -> None:
    nameless = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
    files = {"keywords.toml": nameless * 2, "topics/a.toml": nameless}
    assert names(workspace(tmp_path, files)) == ["topic 1", "topic 2", "topic 3"]


def test_one_topic_file_is_enough(tmp_path: Path) -> None:
    workspace(tmp_path, {"topics/a.toml": topic("a")})
    assert names(tmp_path) == ["a"]
    assert keyword_files(tmp_path) == [tmp_path / TOPICS_FOLDER / "a.toml"]


def test_without_any_file_the_keywords_file_is_missing(tmp_path: Path) -> None:
    workspace(tmp_path, {"topics/readme.txt": "", "topics/.a.toml": "", "topics/a.toml~": ""})
    assert keyword_files(tmp_path) == [tmp_path / KEYWORDS_FILE]
    assert told(tmp_path) == ["W/config/keywords.toml: file not found"]


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    files = {
        "digest.toml": "[arxiv]\nattempts = 99\n",
        "keywords.toml": "[[topics]]\n",
        "topics/a.toml": "[[topic]\n",
        "topics/b.toml": topic("b", "3").replace("keywords", "words"),
    }
    starts = (
        "W/config/digest.toml:2: arxiv.attempts: 99 is too large",
        "W/config/keywords.toml:1: topics: unknown key",
        "W/config/keywords.toml: topic: is missing",
        "W/config/topics/a.toml:1: syntax: Expected ']]'",
        "W/config/topics/b.toml:3: topic[1].group[1].keywords: is missing",
        "W/config/topics/b.toml:4: topic[1].group[1].words: unknown key",
    )
    found = told(workspace(tmp_path, files))
    assert len(found) == len(starts)
    assert all(line.startswith(start) for line, start in zip(found, starts, strict=True))


def test_a_topic_name_in_two_files_is_a_problem_that_names_both(tmp_path: Path) -> None:
    files = {
        "keywords.toml": topic("a"),
        "topics/a.toml": "\n" + topic("b"),
        "topics/b.toml": topic("b") + topic("a"),
    }
    assert [line.partition(" (")[0] for line in told(workspace(tmp_path, files))] == [
        "W/config/topics/b.toml:2: topic[1].name: 'b' already exists, in W/config/topics/a.toml:3",
        "W/config/topics/b.toml:6: topic[2].name: 'a' already exists, in W/config/keywords.toml:2",
    ]


def test_a_topics_folder_that_is_none_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, {"keywords.toml": topic("a"), "topics": ""})
    assert told(tmp_path) == ["W/config/topics: cannot be read: Not a directory"]
    with pytest.raises(ConfigError, match="Not a directory"):
        keyword_files(tmp_path)


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, {"topics/a.toml": topic("a")})
    (tmp_path / TOPICS_FOLDER / "b.toml").symlink_to(tmp_path / "shared.toml")
    assert told(tmp_path) == ["W/config/topics/b.toml: file not found"]


def test_texts_stand_for_files_that_are_there(tmp_path: Path) -> None:
    workspace(tmp_path, {"keywords.toml": topic("a"), "topics/b.toml": topic("b")})
    keywords, more = keyword_files(tmp_path)
    assert names(tmp_path, {keywords: topic("x")}) == ["x", "b"]
    assert names(tmp_path, {more: "\ufeff" + topic("y")}) == ["a", "y"]
    settings = {tmp_path / DIGEST_FILE: '[digest]\nstyle = "clean"\n'}
    assert load(tmp_path, {}, settings).digest.style == CLEAN
    assert names(tmp_path) == ["a", "b"]


def test_texts_stand_for_files_that_are_not_there(tmp_path: Path) -> None:
    folder = tmp_path / TOPICS_FOLDER
    workspace(tmp_path, {"keywords.toml": topic("k")})
    assert names(tmp_path, {folder / "b.toml": topic("b")}) == ["k", "b"]
    (tmp_path / KEYWORDS_FILE).unlink()
    texts = {tmp_path / KEYWORDS_FILE: topic("k"), folder / "b.toml": topic("b")}
    assert names(tmp_path, texts) == ["k", "b"]
    assert keyword_files(tmp_path, texts) == [tmp_path / KEYWORDS_FILE, folder / "b.toml"]


def test_a_mistake_in_a_text_is_one_of_its_file(tmp_path: Path) -> None:
    workspace(tmp_path, {"keywords.toml": topic("a"), "topics/b.toml": topic("b")})
    texts = {tmp_path / TOPICS_FOLDER / "b.toml": topic("a")}
    (found,) = told(tmp_path, texts)
    assert found.startswith("W/config/topics/b.toml:2: topic[1].name: 'a' already exists, in W")


def test_texts_are_by_absolute_path_also_where_the_workspace_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace(tmp_path, {"keywords.toml": topic("a")})
    monkeypatch.chdir(tmp_path)
    assert names(Path(), {tmp_path / KEYWORDS_FILE: topic("x")}) == ["x"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, {"keywords.toml": topic("a"), "topics/b.toml": topic("b")})
    (tmp_path / TOPICS_FOLDER).chmod(0)
    try:
        assert told(tmp_path) == ["W/config/topics: cannot be read: Permission denied"]
    finally:
        (tmp_path / TOPICS_FOLDER).chmod(0o700)


def authors_of(folder: Path, text: str) -> list[tuple[str, str, bool]]:
    (topic,) = load(workspace(folder, {"keywords.toml": text}), {}).topics
    return [(author.name, author.color, author.exact) for author in topic.authors]


GROUP_IN_BLUE = '[[topic]]\n[[topic.group]]\ncolor = "6495ed"\nkeywords = ["a"]\n'


def test_authors_without_a_colour_have_colours_that_no_group_has(tmp_path: Path) -> None:
    text = "".join(f'[[topic.author]]\nname = "{name}"\n' for name in ("Ann A", "Bob B"))
    exact = '[[topic.author]]\nexact = "C. C"\ncolor = "123456"\n'
    assert authors_of(tmp_path, GROUP_IN_BLUE + text + exact) == [
        ("Ann A", "3CB371", False),
        ("Bob B", "9370DB", False),
        ("C. C", "123456", True),
    ]


ONLY_AUTHORS = "[[topic]]\nauthors_suffice = true\n[[topic.author]]\n"
WRONG_AUTHORS = {
    ONLY_AUTHORS.replace("true", "false") + 'name = "A"\n': "1: topic[1].group: is missing",
    ONLY_AUTHORS + 'name = "., -"\n': "4: topic[1].author[1].name: '., -' has no letter",
    ONLY_AUTHORS: "3: topic[1].author[1]: has neither `name` nor `exact`",
    ONLY_AUTHORS + 'name = "A"\nexact = "A"\n': (
        "3: topic[1].author[1]: has both `name` and `exact`"
    ),
    ONLY_AUTHORS + 'name = "A"\n[[topic.author]]\nname = "A"\n': (
        "6: topic[1].author[2].name: 'A' already exists, as number 1"
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG_AUTHORS.items())
def test_a_mistake_in_authors_is_told_where_it_is(tmp_path: Path, text: str, expected: str) -> None:
    (problem,) = told(workspace(tmp_path, {"keywords.toml": text}))
    assert problem.startswith(f"W/config/keywords.toml:{expected} (")
