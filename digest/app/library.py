"""The reader's library: its files, marks and Zotero, and the vectors of its papers.

Only `refresh` asks Zotero, and only `Vectors` with `asks` a language model's server. All others
take what the archive has of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from digest.app.keys import key_of
from digest.app.world import World
from digest.archive import Archive
from digest.config import Config
from digest.config.zotero import ZoteroSource
from digest.model.errors import ConfigError, DigestError, LibraryError, Problem, UsageError
from digest.model.marks import Marks, marks_of
from digest.writer.embeddings import AT_ONCE, Embeddings
from digest.writer.order.library import read_library
from digest.writer.order.marked import marked_papers
from digest.writer.order.relevance import ByRelevance, VectorsOf
from digest.writer.order.stars import Starred
from digest.writer.orders import read, written
from digest.writer.zotero import Zotero, zotero_item

#: The file of the marks, in the output folder.
_MARKS = "marks.json"

#: Vectors are asked for at most so long in one run; the next one continues. Seconds.
_PATIENCE = 300.0


def by_relevance(
    config: Config, archive: Archive, vectors: VectorsOf, notes: Sequence[str]
) -> ByRelevance:
    """The order by the library of today. Raises ConfigError for a file that gives nothing."""
    settings = config.digest
    named: Sequence[object] = settings.library
    files = [one for one in named if isinstance(one, Path)]
    library = read_library(files, archive.papers.versions)
    if settings.marks:
        library.papers += marked_papers(marks(config), archive.papers.versions)
    for source in sources(config):
        snapshot = archive.libraries.snapshot(str(source))
        library.papers += map(read, snapshot.papers if snapshot else ())
    model = config.llm.embedding_model
    return ByRelevance(library.papers, (*library.notes, *notes), model, vectors)


def marks(config: Config) -> Marks:
    """What the reader has marked; nothing as long as there is no file. Raises ConfigError."""
    path = config.digest.output / _MARKS
    try:
        return marks_of(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Marks()
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            [Problem(str(path), None, "marks", f"cannot be read: {error}")],
            hint="restore the file, or set marks = false in [digest]",
        ) from error


def sources(config: Config) -> list[ZoteroSource]:
    """The libraries in Zotero."""
    named: Sequence[object] = config.digest.library
    return [one for one in named if isinstance(one, ZoteroSource)]


def refresh(config: Config, world: World, archive: Archive) -> list[str]:
    """Read the libraries in Zotero anew; returns a line for each that cannot be read.

    What was read last stays then.
    """
    notes = []
    for source in sources(config):
        name = str(source)
        known = archive.libraries.snapshot(name)
        try:
            with opened_zotero(config, world, source) as zotero:
                papers = zotero.papers(source.collections, known.version if known else None)
        except DigestError as error:
            last = f"; that of {known.read_at:%Y-%m-%d} is used" if known else "; it is left out"
            notes.append(f"{name} is not up to date: {error.message}{last}")
            continue
        if papers is not None:
            version, all_papers = papers
            archive.libraries.keep_snapshot(name, version, map(written, all_papers), world.now())
    return notes


@contextmanager
def opened_zotero(config: Config, world: World, source: ZoteroSource) -> Iterator[Zotero]:
    """A library in Zotero, over a client that is closed at the end. Raises ConfigError."""
    settings = config.zotero
    key = key_of(settings.api_key, settings.api_key_file, "[zotero] api_key_file")
    base, owner = (settings.url, source.owner) if source.owner else (settings.local_url, "users/0")
    with _client(world, settings.timeout_seconds) as client:
        yield Zotero(
            client,
            f"{base.rstrip('/')}/{owner}",
            # The program on this machine asks for none, and is not to see one.
            key if source.owner else "",
            sleep=world.sleep,
        )


@dataclass(frozen=True, slots=True)
class Added:
    """How many starred papers were added to a library, and how many it had from earlier calls.

    `unknown` are not in the archive.
    """

    library: str
    added: int
    known: int
    unknown: int


def add_starred(config: Config, world: World, archive: Archive, starred: Starred | None) -> Added:
    """Add starred papers to the first library on zotero.org; each only once.

    Raises UsageError, ConfigError and LibraryError.
    """
    target = next((one for one in sources(config) if one.owner), None)
    if target is None:
        raise UsageError(
            "no library of zotero.org is configured",
            hint='add "zotero:users/NUMBER" to library in [digest] of config/digest.toml',
        )
    ids = starred.ids if starred else tuple(marks(config).with_mark("star"))
    name = str(ZoteroSource(target.owner, ""))
    had = archive.libraries.added(name) | _in_library(archive, target)
    wanted = [one for one in ids if one not in had]
    papers = [versions[-1] for versions in archive.papers.versions(wanted)]
    if papers:
        # The same papers have the same token: a call that is repeated adds nothing.
        token = sha256(" ".join(one.id for one in papers).encode()).hexdigest()[:16]
        with opened_zotero(config, world, target) as zotero:
            zotero.add([zotero_item(one) for one in papers], token)
        archive.libraries.note_added(name, (one.id for one in papers))
    unknown = len(wanted) - len(papers) + (len(starred.unknown) if starred else 0)
    return Added(name, len(papers), len(ids) - len(wanted), unknown)


def _in_library(archive: Archive, target: ZoteroSource) -> frozenset[str]:
    """The papers that the library had when it was read last."""
    snapshot = archive.libraries.snapshot(str(target))
    return frozenset(read(one).paper for one in (snapshot.papers if snapshot else ()))


class Vectors:
    """The vectors of texts by one model: those of the archive, and with `asks` of its server.

    `notes` says in one line why some are missing.
    """

    def __init__(
        self, config: Config, world: World, archive: Archive, model: str, *, asks: bool
    ) -> None:
        self._config = config
        self._world = world
        self._archive = archive
        self._model = model
        self._asks = asks
        self._known: dict[str, bytes] = {}
        self._ends = 0.0
        self.notes: list[str] = []

    def __call__(self, texts: Sequence[tuple[str, str]]) -> list[bytes] | None:
        """The vector of each text; None if one of them is missing."""
        try:
            from digest.writer.order.meaning import packed, text_key
        except ImportError:
            self._give_up("numpy is missing: python -m pip install numpy")
            return None
        keyed = [text_key(*text) for text in texts]
        unknown = {key: text for text, key in keyed if key not in self._known}
        self._known |= self._archive.libraries.vectors(self._model, unknown)
        missing = {key: text for key, text in unknown.items() if key not in self._known}
        if missing and self._asks:
            self._ask(list(missing.items()), packed)
        found = [self._known[key] for _, key in keyed if key in self._known]
        same = len({len(one) for one in found}) <= 1
        return found if len(found) == len(keyed) and same else None

    def _ask(
        self, missing: Sequence[tuple[str, str]], packed: Callable[[Sequence[float]], bytes]
    ) -> None:
        llm, world = self._config.llm, self._world
        self._ends = self._ends or world.elapsed() + _PATIENCE
        try:
            with _client(world, llm.timeout_seconds) as client:
                key = key_of(llm.api_key, llm.api_key_file, "[llm] api_key_file")
                embeddings = Embeddings(
                    client,
                    llm.base_url,
                    self._model,
                    key,
                    sleep=world.sleep,
                )
                for first in range(0, len(missing), AT_ONCE):
                    if world.elapsed() > self._ends:
                        raise LibraryError("there are more than one run asks for")
                    some = missing[first : first + AT_ONCE]
                    vectors = embeddings.ask([text for _, text in some])
                    made = {
                        key: packed(vector) for (key, _), vector in zip(some, vectors, strict=True)
                    }
                    self._archive.libraries.keep_vectors(self._model, made)
                    self._known |= made
        except (DigestError, ValueError) as error:
            self._give_up(str(error))

    def _give_up(self, why: str) -> None:
        self._asks = False
        if not self.notes:
            self.notes.append(f"ordered by words alone, as vectors are missing: {why}")


def _client(world: World, timeout: float) -> httpx.Client:
    # A redirect is an error: keys go to the configured address alone.
    return httpx.Client(timeout=timeout, follow_redirects=False, transport=world.transport)
