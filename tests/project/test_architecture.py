"""The rules of the rooms: who imports whom, and where the dangerous things live."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from places import ROOT

PACKAGE = ROOT / "digest"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

#: What a room may import of ours besides itself; a room is an entry of the package's root.
STAGES = {"model", "files", "config", "archive", "matcher", "fetcher", "writer"}
USES = {"keywords", "outlets", "runs"}
BELOW: dict[str, set[str]] = {
    "model": set(),
    **{room: {"model"} for room in ("files", "config", "archive", "matcher")},
    "fetcher": {"model", "archive"},
    "writer": STAGES - {"writer"},
    "simulator": {"model", "fetcher"},
    **dict.fromkeys(USES, STAGES),  # never each other
    "app": STAGES | USES,
    "cli": STAGES | USES | {"app", "simulator"},
    "__main__": {"cli"},
}

#: The only modules that may import a dangerous library.
HOMES = {
    "sqlite3": {
        *("digest.archive.connection", "digest.archive.schema", "digest.archive.transactions"),
        *("digest.archive.copies", "digest.archive.soundness", "digest.archive.held"),
        "digest.archive.migrations",
    },
    "httpx": {
        *("digest.app.llm", "digest.writer.summaries.endpoint"),
        *("digest.app.library", "digest.writer.zotero", "digest.writer.embeddings"),
        "digest.fetcher.connection",
        "digest.fetcher.deadline",
        "digest.app.arxiv",
        "digest.simulator",
        "digest.app.world",
    },
    "tenacity": {
        *("digest.fetcher.connection", "digest.writer.summaries.endpoint"),
        *("digest.writer.zotero", "digest.writer.embeddings"),
    },
    "httpcore": {"digest.fetcher.deadline"},
    "certifi": {"digest.fetcher.certificates"},
    "arxiv": {"digest.fetcher.query.atom"},
    "lxml": {"digest.fetcher.query.atom", "digest.fetcher.document", "digest.fetcher.oai.records"},
    "zstandard": {"digest.archive.content"},
    "jinja2": {
        "digest.writer",
        "digest.outlets.mail.html",
        "digest.writer.summaries.prompt",
        "digest.outlets.site.pages",
    },
    "markupsafe": {"digest.outlets.site", "digest.outlets.mail.html"},
    "pylatexenc": {"digest.model.tex.commands"},
    "latex2mathml": {"digest.outlets.site.formulas"},
    "pygal": {"digest.outlets.site.plots"},
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
    "pydantic": {
        *("digest.config", "digest.app.keys"),
        *("digest.writer.summaries", "digest.writer.embeddings"),
    },
    "snowballstemmer": {
        *("digest.matcher", "digest.writer.order.words"),
        *("digest.fetcher.query.queries", "digest.simulator.analyzers"),
    },
    "tomlkit": {"digest.config", "digest.keywords.editing"},
    "click": {"digest.cli"},
    "rich": {"digest.cli"},
}

#: The only modules that may call these.
CALLS = {
    "now": {"digest.app.world"},
    "today": {"digest.app.world"},
    "utcnow": set[str](),
    "write_text": {"digest.runs.lock", "digest.config.workspace", "digest.fetcher.politeness"},
    "write_bytes": set[str](),
    "open": {
        "digest.files",
        "digest.archive.table",
        "digest.simulator.jsonlines",
        "digest.cli",
        "digest.runs.lock",
    },
}

PURE = {
    *("digest.model", "digest.matcher"),
    *(f"digest.fetcher.{room}" for room in ("calendar", "walk", "plan", "versions", "route")),
    *(f"digest.fetcher.{room}" for room in ("document", "query.atom", "query.queries")),
    *("digest.fetcher.answers", "digest.fetcher.proxies"),
    *("digest.fetcher.oai.records", "digest.fetcher.oai.texts"),
    *("digest.writer.format", "digest.writer.order", "digest.writer.periods"),
    "digest.keywords.editing.arrays",
    *(f"digest.outlets.mail.{room}" for room in ("due", "words", "text", "chat", "mail")),
    *("digest.outlets.post.fitting", "digest.outlets.post.letters"),
    *("digest.outlets.notices.decision", "digest.outlets.colours"),
    *(f"digest.outlets.exports.{room}" for room in ("bibtex", "ris", "csl", "latex", "formulas")),
    *(f"digest.outlets.exports.{room}" for room in ("names", "keys", "texts", "picked")),
    *(f"digest.outlets.feeds.{room}" for room in ("atom", "jsonfeed", "feed", "naming")),
    *("digest.outlets.feeds.contents", "digest.outlets.feeds.composing"),
    *(f"digest.outlets.site.{room}" for room in ("abstracts", "addresses", "colors", "counts")),
    *(f"digest.outlets.site.{room}" for room in ("formulas", "likeness", "looks", "months")),
    *(f"digest.outlets.site.{room}" for room in ("text", "views", "facts", "web_links")),
    "digest.runs.install.times",
}
#: Within the rooms above, what names files or reads them: the template, the reader's library, the
#: metadata of the installation.
NOT_PURE = {
    "digest.model.distribution",
    *("digest.model.changes", "digest.model.reports"),
    "digest.writer.format.render",
    *(f"digest.writer.order.{room}" for room in ("library", "bibtex", "stars")),
}
IO = {"os", "io", "pathlib", "shutil", "subprocess", "tempfile", "logging", *HOMES} - {
    "arxiv",
    "lxml",
    "snowballstemmer",
    *("feedgen", "bibtexparser", "latexcodec", "rispy", "numpy"),
    "markupsafe",
    "latex2mathml",
    "pylatexenc",
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


def ours(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    return {imported for imported in imports(TREES[name]) if imported in MODULES}


def is_in(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def in_rooms(rooms: set[str]) -> list[str]:
    found = [name for name in MODULES if is_in(name, rooms)]
    assert found, rooms
    return found


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_every_room_has_a_rule() -> None:
    assert {room_of(name) for name in MODULES} - {""} == set(BELOW)


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_what_is_below_it(room: str) -> None:
    for name in in_rooms({f"digest.{room}"}):
        strange = {room_of(one) for one in ours(name)} - BELOW[room] - {room, ""}
        assert not strange, f"{name} imports from {strange}"


def test_no_files_import_each_other_in_a_circle() -> None:
    importers = {name: ours(name) - {name} for name in MODULES}
    while free := {name for name, used in importers.items() if not used & set(importers)}:
        importers = {name: used for name, used in importers.items() if name not in free}

    assert not importers, f"in a circle, or above one: {sorted(importers)}"


def test_the_house_is_small_enough_to_see_through() -> None:
    """At most 15 rooms at the root, on at most 8 floors: a room stands above all it imports."""
    used = {
        room: {room_of(one) for name in in_rooms({f"digest.{room}"}) for one in ours(name)}
        - {room, ""}
        for room in BELOW
    }
    floors: dict[str, int] = {}
    while len(floors) < len(used):
        for room in used.keys() - floors.keys():
            if used[room] <= floors.keys():
                floors[room] = 1 + max((floors[each] for each in used[room]), default=0)

    assert len(floors) <= 15
    assert max(floors.values()) <= 8


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
        injected = (isinstance(owner, ast.Attribute) and owner.attr in ("_world", "world")) or (
            isinstance(owner, ast.Name) and owner.id in ("world", "App")
        )
        return "" if injected else function.attr
    return function.id if isinstance(function, ast.Name) and function.id == "open" else ""


def test_pure_modules_do_no_input_and_output() -> None:
    for name in set(in_rooms(PURE)) - set(in_rooms(NOT_PURE)):
        assert set(map(top, imports(TREES[name]))) & IO == set(), name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(TREES[name])
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 400
    assert not {"utils", "helpers", "manager", "common"} & set(name.split("."))


def test_rules_name_only_rooms_that_exist() -> None:
    named = {
        *PURE,
        *NOT_PURE,
        *(home for homes in (*HOMES.values(), *CALLS.values()) for home in homes),
    }
    for room in named:
        in_rooms({room})
