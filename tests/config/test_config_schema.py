"""The JSON Schemas: current, valid, and of one mind with loading."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import DIGEST_FILE, KEYWORDS_FILE, load
from digest.config.defaults import SHIPPED, shipped
from digest.config.schema import schemas
from digest.config.settings import Sections
from digest.model.errors import ConfigError

WRITTEN = schemas()
SCHEMAS = {name: json.loads(text) for name, text in WRITTEN.items()}
DRAFT = jsonschema.Draft202012Validator
KEYWORDS = DRAFT(SCHEMAS["config/keywords.schema.json"])
SETTINGS = DRAFT(SCHEMAS["config/digest.schema.json"])
THREE_LINES = '[[topic]]\n[[topic.group]]\nkeywords = ["diffusion"]\n'


def as_editors_see(value: object) -> object:
    """TOML's values as JSON has them: dates and times are texts."""
    if isinstance(value, dict):
        return {key: as_editors_see(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_editors_see(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | time) else value


def valid(validator: Any, text: str) -> bool:
    return bool(validator.is_valid(as_editors_see(tomllib.loads(text))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "config").mkdir()
    return folder


def loads(folder: Path, settings: str = "", keywords: str = THREE_LINES) -> bool:
    try:
        load(folder, {}, {folder / DIGEST_FILE: settings, folder / KEYWORDS_FILE: keywords})
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("name", WRITTEN)
def test_the_files_are_current(name: str) -> None:
    assert shipped(name) == WRITTEN[name], "run `make schema`"


@pytest.mark.parametrize("name", WRITTEN)
def test_each_is_a_schema_of_the_draft_it_names(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == DRAFT.META_SCHEMA["$id"]
    DRAFT.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", ["digest", "keywords"])
def test_a_shipped_file_names_its_schema_in_its_first_line_and_follows_it(name: str) -> None:
    text = shipped(f"config/{name}.toml")
    schema = text.partition("\n")[0].removeprefix("#:schema ./")
    assert f"config/{schema}" in SHIPPED
    assert valid(DRAFT(SCHEMAS[f"config/{schema}"]), text)


def tables(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [schema, *schema["$defs"].values()]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_editors_are_told_what_each_key_means_and_no_other_is_known(
    schema: Mapping[str, Any],
) -> None:
    for table in tables(schema):
        assert table["additionalProperties"] is False
        assert all(key["description"] for key in table["properties"].values())
    assert "null" not in json.dumps(schema)


def test_a_key_of_the_settings_is_explained_as_in_the_commented_file() -> None:
    keys = SCHEMAS["config/digest.schema.json"]["$defs"]["ArxivSettings"]["properties"]
    assert keys["page_size"]["description"] == (
        "Papers asked for in one request, 1 to 2000. It halves itself when arXiv cannot serve it."
        "\n\nAllowed: a whole number from 1 to 2000"
    )


def test_defaults_are_those_of_an_empty_file() -> None:
    defaults = {
        section: {
            key: told["default"]
            for key, told in SCHEMAS["config/digest.schema.json"]["$defs"][model][
                "properties"
            ].items()
        }
        for section, field in Sections.model_fields.items()
        if (model := getattr(field.annotation, "__name__", None))
    }
    assert defaults == tomllib.loads(shipped("config/digest.toml"))


GOOD_SETTINGS = [
    "",
    "[arxiv]\n",
    "[arxiv]\napi_url = 'HTTP://[::1]:80/x'\ndelay_seconds = 0\n",
    "[arxiv]\ntimeout_seconds = 1\nattempts = 20\npage_size = 2000\n",
    "[arxiv]\nscope = ['cs.*', 'stat.ML', 'hep-th', 'cond-mat', 'physics.flu-dyn']\n",
    "[arxiv]\nscope = ['cs.XX', 'alg-geom', 'astro-ph.*', 'astro-ph', 'cond-mat.*', 'math.QQ']\n",
    "[arxiv]\nscope = 'topics'\ndeferred = [2026-11-26, '2026-11-27']\ncontact = 'a@b.example'\n",
    "[digest]\ndays = ['month-end', 'fri']\nstyle = 'clean'\nindex = false\noutput = '../x'\n",
    "[notify]\nurls_file = '/run/secrets/urls'\n",
    "[schedule]\ncron = ' 0  6 * *\\t1-5'\ntimezone = 'Etc/GMT+5'\n".replace("'", '"'),
]
#: What both refuse: mistakes of shape, which need no other key and no file to be seen.
BAD_SETTINGS = [
    "[arxvi]\n",
    "arxiv = 3\n",
    "[arxiv]\npagesize = 5\n",
    *(
        f"[arxiv]\n{line}\n"
        for line in (
            "page_size = '100'",
            "page_size = true",
            "page_size = 1.5",
            "page_size = 0",
            "page_size = 2001",
            "attempts = 21",
            "delay_seconds = -1",
            "timeout_seconds = {}",
            "timeout_seconds = 3601",
            "api_url = 'ftp://export.arxiv.org'",
            "api_url = 'http://a b'",
            "contact = 'me and you'",
            "contact = 'ä'",
            "scope = 'everything'",
            "scope = []",
            "scope = [3]",
            "scope = ['cs']",
            "scope = ['cs.cl']",
            "scope = ['physics.Flu-dyn']",
            "scope = ['physics.-']",
            "scope = ['cs.CL.LG']",
            "scope = ['all']",
            "scope = ['cs.*', 'topics']",
            "scope = ['nonsense']",
            "scope = ['nonsense.*']",
            "scope = ['hepth']",
            "scope = ['hep-th.*']",
            "scope = ['hep-th.CL']",
            "deferred = [0]",
            "deferred = 2026-11-26",
            "deferred = [2026-11-26T00:00:00]",
            "deferred = ['26.11.2026']",
        )
    ),
    *(
        f"[digest]\n{line}\n"
        for line in (
            "days = []",
            "days = ['Mon']",
            "days = ['mon', 'mon']",
            "days = 'mon'",
            "style = 'fancy'",
            "style = ['clean']",
            "index = 1",
            "catch_up_days = 3661",
            "patience_hours = '36'",
            "output = ''",
            'template = "a\\u0000"',
            "archive = 3",
        )
    ),
    "[schedule]\ncron = 'every day'\n",
    "[notify]\nurls_file = 'json://host/path'\n",
    '[notify]\nurls_file = "a\\u0000"\n',
    "[notify]\nurls = 'json://host/path'\n",
    "[notify]\nurls = ''\n",
    "notify = 'json://host/path'\n",
    "[schedule]\ncron = 5\n",
    "[schedule]\ntimezone = '../UTC'\n",
    "[schedule]\ntimezone = ''\n",
]


@pytest.mark.parametrize("text", GOOD_SETTINGS)
def test_good_settings_load_and_are_valid(folder: Path, text: str) -> None:
    assert loads(folder, text)
    assert valid(SETTINGS, text)


@pytest.mark.parametrize("text", BAD_SETTINGS)
def test_settings_of_a_wrong_shape_are_refused_by_both(folder: Path, text: str) -> None:
    assert not loads(folder, text)
    assert not valid(SETTINGS, text)


GROUP = "[[topic]]\n[[topic.group]]\nkeywords = ['a']\n"
AUTHORS = "[[topic]]\nauthors_suffice = true\n[[topic.author]]\nname = 'Ødegård, K.'\n"
GOOD_KEYWORDS = [
    AUTHORS,
    AUTHORS + "color = '6495ED'\n[[topic.author]]\nexact = 'W. Li'\n",
    GROUP + "[[topic.author]]\nname = 'Kari'\n",
    GROUP + "[[topic]]\nauthors_suffice = true\ngroup = [{keywords = ['a']}]\n",
    THREE_LINES,
    GROUP + "color = 'f08080'\nname = ' x '\n",
    GROUP + "[[topic.group]]\nkeywords = ['KV cache', { text = 'MX', whole_word = true }]\n",
    GROUP + "[[topic]]\ncategories = ['cs.*']\nexclude = ['a b']\ngroup = [{keywords = ['ä']}]\n",
]
BAD_KEYWORDS = [
    "",
    "topic = []\n",
    "topic = 'LLM'\n",
    "[topic]\n",
    "[[topics]]\n",
    "[[topic]]\n",
    "[[topic]]\ngroup = []\n",
    "[[topic]]\n[[topic.group]]\n",
    *(
        f"[[topic]]\n[[topic.group]]\nkeywords = {keywords}\n"
        for keywords in (
            *("[]", "'LLM'", "[3]", "['']", "[' ']", '["a\\tb"]', "['a', 'a']", "[['a']]"),
            *("[{}]", "[{ text = 3 }]", "[{ text = '' }]", '[{ text = "\\u0085" }]'),
            *("[{ text = 'a', case = 'no' }]", "[{ text = 'a', whole_word = 1 }]"),
            *("[{ text = 'a', word = true }]", "[{ case = true }]"),
        )
    ),
    AUTHORS + "color = 'red'\n",
    AUTHORS + "exact = 'K. Ødegård'\n",
    AUTHORS + "nick = 'K'\n",
    AUTHORS + "[[topic.author]]\ncolor = '6495ED'\n",
    AUTHORS.replace("true", "false"),
    AUTHORS.replace("true", "1"),
    AUTHORS.replace("'Ødegård, K.'", "''"),
    "[[topic]]\nauthors_suffice = true\n",
    "[[topic]]\nauthors_suffice = true\nauthor = []\n",
    GROUP + "color = 'red'\n",
    GROUP + "color = '#F08080'\n",
    GROUP + "color = 0xF08080\n",
    GROUP + "colour = 'F08080'\n",
    GROUP + "name = ''\n",
    GROUP + "[[topic]]\ncategories = ['csCL']\ngroup = [{keywords = ['a']}]\n",
    GROUP + "[[topic]]\ncategories = 'cs.CL'\ngroup = [{keywords = ['a']}]\n",
    GROUP + "[[topic]]\nexclude = ['']\ngroup = [{keywords = ['a']}]\n",
]


@pytest.mark.parametrize("text", GOOD_KEYWORDS)
def test_good_keywords_load_and_are_valid(folder: Path, text: str) -> None:
    assert loads(folder, keywords=text)
    assert valid(KEYWORDS, text)


@pytest.mark.parametrize("text", BAD_KEYWORDS)
def test_keywords_of_a_wrong_shape_are_refused_by_both(folder: Path, text: str) -> None:
    assert not loads(folder, keywords=text)
    assert not valid(KEYWORDS, text)


def toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


CHARACTERS = st.characters(codec="utf-8")
TEXTS = st.text(CHARACTERS, max_size=4) | st.text("a. -*\t\x85\xa0\u2028", max_size=4)
ODD: st.SearchStrategy[Any] = st.one_of(
    TEXTS, st.booleans(), st.integers(-2, 2100), st.just([]), st.just({}), st.just(1.0)
)


def table(required: Mapping[str, Any], **optional: Any) -> st.SearchStrategy[Any]:
    """A table that often is right; now and then with a key too many or too few."""
    few = st.fixed_dictionaries({}, optional={**required, **optional})
    many = st.fixed_dictionaries({**required, "x": ODD}, optional=optional)
    return mostly(st.fixed_dictionaries(required, optional=optional), few | many)


def mostly(
    good: st.SearchStrategy[Any], odd: st.SearchStrategy[Any] = ODD
) -> st.SearchStrategy[Any]:
    """One in thirty is odd. (A plain union would be as often one as the other.)"""
    return st.sampled_from([good] * 29 + [odd]).flatmap(lambda chosen: chosen)


CATEGORIES = mostly(
    st.from_regex(
        r"(cs|physics|astro-ph|hep-th|q-alg|a)(\.([A-Z]{2}|[a-z-]{1,4}|\*))?",
        fullmatch=True,
    )
)
WORDS = mostly(
    st.sampled_from(["LLM", "KV cache", " a", "a ", "\u2028a"])
    | st.text(CHARACTERS, min_size=1, max_size=4)
)
KEYWORD = WORDS | table(
    {"text": WORDS}, whole_word=mostly(st.booleans()), case=mostly(st.booleans())
)
COLOR = mostly(st.text("0aF", min_size=6, max_size=6) | st.text("0aF#", max_size=7))
GROUPS = table(
    {"keywords": mostly(st.lists(KEYWORD, min_size=1, max_size=3))},
    name=WORDS,
    color=COLOR,
)
AUTHOR = table({"name": WORDS}, color=COLOR) | table({"exact": WORDS}, color=COLOR)
TOPICS = table(
    {"group": mostly(st.lists(GROUPS, min_size=1, max_size=2))},
    authors_suffice=mostly(st.booleans()),
    author=mostly(st.lists(AUTHOR, max_size=2)),
    name=WORDS,
    categories=mostly(st.lists(CATEGORIES, max_size=2)),
    exclude=mostly(st.lists(WORDS, max_size=2)),
)


@given(
    mostly(st.lists(TOPICS, min_size=1, max_size=2)).map(lambda topics: f"topic = {toml(topics)}\n")
)
def test_keywords_that_load_are_valid(folder: Path, text: str) -> None:
    assert valid(KEYWORDS, text) or not loads(folder, keywords=text)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "api_url": st.from_regex(r"[hH]ttps?://[^\ud800-\udfff]{0,5}", fullmatch=True),
    "oai_url": st.from_regex(r"[hH]ttps?://[^\ud800-\udfff]{0,5}", fullmatch=True),
    "contact": TEXTS,
    "deferred": st.lists(st.dates() | st.dates().map(str) | ODD, max_size=2),
    "scope": st.lists(CATEGORIES, max_size=2) | st.sampled_from(["all", "topics"]),
    "days": st.lists(st.sampled_from(["mon", "fri", "month-end"]), max_size=3),
    "style": st.sampled_from(["source", "clean", "Clean"]),
    "cron": st.from_regex(r"[ \t]?(\*|[0-9])([ \xa0]+(\*|[1-6]|mon)){4} ?", fullmatch=True),
    "timezone": st.sampled_from(["UTC", "America/Port-au-Prince", "Etc/GMT+5", "utc", "Europe"]),
    "output": TEXTS,
    "template": TEXTS,
    "archive": TEXTS,
    "urls_file": TEXTS | st.sampled_from(["://", "/run/secrets/urls"]),
    "urls": TEXTS,
}
NUMBERS = st.integers(0, 4000) | st.floats(0, 4000)
LINES = st.sampled_from(
    [
        (section, key)
        for section, field in Sections.model_fields.items()
        for key in getattr(field.annotation, "model_fields", ())
    ]
).flatmap(
    lambda place: mostly(VALUES.get(place[1], NUMBERS)).map(
        lambda value: f"[{place[0]}]\n{place[1]} = {toml(value)}\n"
    )
)


@given(LINES)
def test_settings_that_load_are_valid(folder: Path, text: str) -> None:
    assert valid(SETTINGS, text) or not loads(folder, text)
