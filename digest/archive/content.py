"""The texts of a version as they are stored: one packed piece, a third of their length.

Abstracts are short and much alike. Packed one by one they would stay twice as large as packed
together, so zstd is given a dictionary: what abstracts of this archive have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from digest.archive.transactions import Database

#: How many texts tell what is common to all, and the bytes to keep of it. Texts from several days,
#: as each field has its own words.
SAMPLE = 2_000
_LARGEST = 2**18

#: With a dictionary this large, higher levels save 4 to 8 % and take three to eight times as long.
_LEVEL = 3

#: Between two fields, and for a field without a value. XML cannot hold either, and so no paper.
_BETWEEN, _NONE = "\x1e", "\x00"

#: title, abstract, authors one a line, categories with spaces between, comment, doi, journal_ref;
#: the link where it is not the usual one.
Fields = Sequence[str | None]
_FIELDS = 8


class Content:
    """Packs and unpacks with the dictionary that an archive has, if it has one yet."""

    def __init__(self, dictionary: Callable[[], bytes | None]) -> None:
        self._dictionary = dictionary
        self._unpacker = self._new_unpacker()

    def pack(self, fields: Fields) -> bytes:
        """The fields as they are stored."""
        return self.packed(joined(fields))

    def unpack(self, packed: bytes) -> list[str | None]:
        """The inverse of `pack`. Raises zstandard.ZstdError for what is damaged."""
        return [None if field == _NONE else field for field in self.text(packed).split(_BETWEEN)]

    def is_whole(self, packed: bytes) -> bool:
        """Whether something stored can be unpacked, and is what `pack` makes."""
        try:
            return len(self.unpack(packed)) == _FIELDS
        except (zstandard.ZstdError, UnicodeDecodeError, TypeError):
            return False

    def title_abstract_authors(self, packed: bytes) -> tuple[str, str, str]:
        """These three alone."""
        title, abstract, authors, _ = self.text(packed).split(_BETWEEN, 3)
        return title, abstract, authors

    def packed(self, text: str) -> bytes:
        """All fields in one text, packed."""
        return self._packer.compress(text.encode())

    def text(self, packed: bytes) -> str:
        """The inverse of `packed`."""
        try:
            data = self._unpacker.decompress(packed)
        except zstandard.ZstdError:
            # Another process may have learnt the dictionary since this one looked.
            self._unpacker = self._new_unpacker()
            data = self._unpacker.decompress(packed)
        return data.decode()

    @cached_property
    def _packer(self) -> zstandard.ZstdCompressor:
        data = self._dictionary()
        dictionary = zstandard.ZstdCompressionDict(data) if data else None
        if dictionary:
            dictionary.precompute_compress(level=_LEVEL)
        return zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary)

    def _new_unpacker(self) -> zstandard.ZstdDecompressor:
        data = self._dictionary()
        dictionary = zstandard.ZstdCompressionDict(data) if data else None
        return zstandard.ZstdDecompressor(dict_data=dictionary)


def dictionary_of(db: Database) -> bytes | None:
    """The dictionary of an archive; None if it has none yet."""
    row = db.execute("SELECT data FROM dictionary").fetchone()
    return row and bytes(row[0])


def learn(db: Database) -> None:
    """Make the dictionary from what is stored, and pack everything anew with it."""
    before = Content(lambda: None)
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM version").fetchone()
    examples = db.execute(
        "SELECT content FROM version WHERE number % ? = 0", (max(1, last // SAMPLE),)
    )
    add_dictionary(db, (before.text(packed) for (packed,) in examples))
    after = Content(lambda: dictionary_of(db))
    for first in range(0, last + 1, SAMPLE):
        rows = db.execute(
            "SELECT number, content FROM version WHERE number BETWEEN ? AND ?",
            (first, first + SAMPLE - 1),
        ).fetchall()
        db.executemany(
            "UPDATE version SET content = ? WHERE number = ?",
            [(after.packed(before.text(packed)), number) for number, packed in rows],
        )


def add_dictionary(db: Database, texts: Iterable[str]) -> None:
    """Make a dictionary from examples and keep it; none if they have too little in common."""
    examples: list[bytes | bytearray | memoryview] = [text.encode() for text in texts]
    try:
        data = zstandard.train_dictionary(_LARGEST, examples, k=256, d=8).as_bytes()
    except zstandard.ZstdError:
        return
    db.execute("INSERT INTO dictionary VALUES (?)", (data,))


def joined(fields: Fields) -> str:
    """All fields in one text."""
    return _BETWEEN.join(_NONE if field is None else _plain(field) for field in fields)


def _plain(field: str) -> str:
    return field.replace(_BETWEEN, " ")
