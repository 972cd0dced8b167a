"""The rules of the rooms: who imports whom, and where the dangerous things live."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "digest"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

LEAVES = {"digest.model", "digest.model.errors"}

#: What a room may import of ours besides itself; a room is a module or a folder of modules.
ALLOWED = {
    "digest.model": set(),
    "digest.model.errors": set(),
    "digest.model.names": set(),
    "digest.model.numbers": set(),
    "digest.matcher": LEAVES | {"digest.model.names"},
    "digest.writer": LEAVES | {"digest.model.numbers"},
    "digest.archive": LEAVES,
    "digest.fetcher": LEAVES | {"digest.model.names"},
    "digest.model.changes": LEAVES,
    "digest.model.reports": LEAVES,
    "digest.config": LEAVES | {"digest.model.names"},
    "digest.runs.install": LEAVES | {"digest.config", "digest.files"},
    "digest.outlets.notices": LEAVES
    | {"digest.archive", "digest.config", "digest.outlets.post", "digest.model.reports"},
    "digest.outlets.post": LEAVES,
    "digest.outlets.mail": LEAVES
    | {"digest.outlets.luminance", "digest.model.numbers"}
    | {
        "digest.archive",
        "digest.config",
        "digest.writer.editions",
        "digest.matcher",
        "digest.outlets.post",
    }
    | {"digest.model.reports", "digest.writer"},
    "digest.outlets.exports.selection": LEAVES
    | {
        "digest.fetcher.announcements",
        "digest.archive",
        "digest.writer.editions",
        "digest.outlets.exports",
    },
    "digest.outlets.exports": LEAVES | {"digest.model.mathematics", "digest.archive.table"},
    "digest.outlets.feeds": LEAVES
    | {"digest.config", "digest.writer.editions", "digest.model.numbers", "digest.files"},
    "digest.outlets.luminance": set(),
    "digest.outlets.site": LEAVES
    | {"digest.outlets.luminance"}
    | {"digest.config", "digest.model.reports", "digest.archive", "digest.writer.editions"}
    | {"digest.matcher", "digest.writer.order", "digest.files"},
    "digest.writer.order": LEAVES
    | {"digest.writer.order.stars", "digest.matcher", "digest.model.numbers", "digest.writer"},
    "digest.outlets.companions": {
        "digest.config",
        "digest.writer.editions",
        "digest.outlets.feeds",
        "digest.outlets.site",
    },
    "digest.simulator": LEAVES | {"digest.fetcher.calendar"},
}

#: The only modules that may import a dangerous library.
HOMES = {
    "sqlite3": {
        *("digest.archive.connection", "digest.archive.schema", "digest.archive.transactions"),
        *("digest.archive.copies", "digest.archive.soundness"),
    },
    "httpx": {
        "digest.fetcher.connection",
        "digest.app.arxiv",
        "digest.simulator",
        "digest.app.world",
    },
    "tenacity": {"digest.fetcher.connection"},
    "arxiv": {"digest.fetcher.query.atom"},
    "lxml": {"digest.fetcher.query.atom", "digest.fetcher.document", "digest.fetcher.oai.records"},
    "zstandard": {"digest.archive.content"},
    "jinja2": {"digest.writer", "digest.outlets.mail.html", "digest.outlets.site.pages"},
    "markupsafe": {"digest.outlets.site"},
    "latex2mathml": {"digest.outlets.site.formulas"},
    "pygal": {"digest.outlets.site.plots"},
    "pagefind_bin": {"digest.outlets.site.search"},
    "http": {"digest.outlets.site.serving", "digest.simulator.server"},
    "pyarrow": {"digest.archive.table"},
    "feedgen": {"digest.outlets.feeds.atom"},
    "bibtexparser": {"digest.outlets.exports.bibtex", "digest.writer.order.bibtex"},
    "latexcodec": {"digest.outlets.exports.latex"},
    "rispy": {"digest.outlets.exports.ris", "digest.writer.order.ris"},
    "apscheduler": {"digest.config.cron", "digest.runs.alarm"},
    "apprise": {"digest.outlets.post.chat"},
    "smtplib": {"digest.outlets.post.smtp"},
    "filelock": {"digest.fetcher.politeness", "digest.runs.lock"},
    "time": {"digest.app.world"},
    "random": {"digest.app.world", "digest.simulator"},
    "socket": {"digest.simulator.server"},
    "pydantic": {"digest.config"},
    "snowballstemmer": {"digest.matcher", "digest.writer.order.words"},
    "tomlkit": {"digest.config"},
    "click": {"digest.cli"},
    "rich": {"digest.cli"},
}

#: The only modules that may call these.
CALLS = {
    "now": {"digest.app.world"},
    "today": {"digest.app.world"},
    "utcnow": set[str](),
    "write_text": {"digest.runs.lock", "digest.config.workspace", "digest.fetcher.politeness"},
    "write_bytes": {"digest.outlets.site.search"},
    "open": {
        "digest.files",
        "digest.archive.table",
        "digest.simulator.jsonlines",
        "digest.cli",
        "digest.runs.lock",
    },
}

PURE = {
    "digest.outlets.luminance",
    *("digest.model.errors", "digest.model.names", "digest.matcher"),
    "digest.keywords.editing.arrays",
    *(f"digest.fetcher.{room}" for room in ("calendar", "walk", "plan", "versions", "queries")),
    *(f"digest.fetcher.{room}" for room in ("atom", "document", "oai", "oai_text", "route")),
    *("digest.writer.format.entries", "digest.writer.periods", "digest.outlets.notices.decision"),
    *(f"digest.outlets.mail.{room}" for room in ("due", "words", "text", "chat", "mail", "colors")),
    *("digest.runs.retries", "digest.outlets.post.fitting", "digest.outlets.post.letters"),
    "digest.runs.install.times",
    *(f"digest.outlets.exports.{room}" for room in ("bibtex", "ris", "csl", "latex", "formulas")),
    *(f"digest.outlets.exports.{room}" for room in ("names", "keys", "texts", "picked")),
    *("digest.outlets.feeds.atom", "digest.outlets.feeds.jsonfeed"),
    *(
        f"digest.writer.order.{room}"
        for room in ("entries", "ordering", "relevance", "ris", "words")
    ),
    *(f"digest.outlets.feeds.{room}" for room in ("feed", "naming", "contents", "composing")),
    *(
        f"digest.outlets.site.{room}"
        for room in ("abstracts", "addresses", "colors", "counts", "text")
    ),
    *(
        f"digest.outlets.site.{room}"
        for room in ("formulas", "likeness", "looks", "months", "views")
    ),
    *(
        "digest.writer.format.escape",
        "digest.writer.format.abstract",
        "digest.writer.format.badges",
    ),
    "digest.writer.format.names",
}
IO = {"os", "io", "pathlib", "shutil", "subprocess", "tempfile", "logging", *HOMES} - {
    "arxiv",
    "lxml",
    "snowballstemmer",
    *("feedgen", "bibtexparser", "latexcodec", "rispy"),
    "markupsafe",
    "latex2mathml",
}


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            module = node.module or ""
            submodules = {f"{module}.{alias.name}" for alias in node.names} & set(MODULES)
            yield from submodules or [module]


def is_in(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def in_rooms(rooms: set[str]) -> list[str]:
    found = [name for name in MODULES if is_in(name, rooms)]
    assert found, rooms
    return found


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    for name in in_rooms({room}):
        ours = {imported for imported in imports(TREES[name]) if is_in(imported, {"digest"})}
        strange = {one for one in ours if not is_in(one, {room, *ALLOWED[room]})}
        assert not strange, f"{name} imports {strange}"


@pytest.mark.parametrize("library", HOMES)
def test_a_dangerous_library_has_one_home(library: str) -> None:
    users = {name for name, tree in TREES.items() if library in map(top, imports(tree))}
    assert users
    assert {name for name in users if not is_in(name, HOMES[library])} == set()


def top(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("called", CALLS)
def test_the_clock_and_the_writing_of_files_have_their_homes(called: str) -> None:
    users = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) == called
    }
    assert {name for name in users if not is_in(name, CALLS[called])} == set()


def called_name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        owner = function.value
        # `self._world.now()` is what was injected, `App.open` opens no file.
        injected = (isinstance(owner, ast.Attribute) and owner.attr == "_world") or (
            isinstance(owner, ast.Name) and owner.id in ("world", "App")
        )
        return "" if injected else function.attr
    return function.id if isinstance(function, ast.Name) and function.id == "open" else ""


def test_pure_modules_do_no_input_and_output() -> None:
    for name in in_rooms(PURE):
        assert set(map(top, imports(TREES[name]))) & IO == set(), name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(TREES[name])
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 400
    assert not {"utils", "helpers", "manager", "common"} & set(name.split("."))


def test_rules_name_only_rooms_that_exist() -> None:
    named = {
        *ALLOWED,
        *PURE,
        *(home for homes in (*HOMES.values(), *CALLS.values()) for home in homes),
    }
    for room in named:
        in_rooms({room})
