"""The archive's tables, and how a file of an earlier version becomes one of this version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from digest.archive.library_tables import keep_libraries
from digest.archive.lists import keep_lists
from digest.archive.migrations import hold_sets, note_papers_sent
from digest.archive.summary_tables import keep_summaries
from digest.archive.transactions import transaction
from digest.model.errors import ArchiveError

#: Written into the file's header; marks an archive among SQLite files. "aXdg".
APPLICATION_ID = 0x61586467

_VERSION_1 = """
-- One row a work. Times are seconds since 1970, days are ISO dates, both UTC.
CREATE TABLE paper (
    id        TEXT PRIMARY KEY,   -- without version: 2511.21669, hep-th/9901001
    sequence  INTEGER UNIQUE,     -- place in arXiv's id sequence; null before April 2007
    published INTEGER NOT NULL,   -- submission of the first version
    seen      TEXT NOT NULL,      -- last public announcement day when it was first stored
    change    INTEGER NOT NULL    -- grows with every paper stored or altered
);
CREATE INDEX paper_published ON paper (published);
CREATE INDEX paper_change ON paper (change);

-- Every version seen, as arXiv told it last.
CREATE TABLE version (
    paper       TEXT NOT NULL REFERENCES paper (id),
    version     INTEGER NOT NULL,
    updated     INTEGER NOT NULL, -- submission of this version
    url         TEXT NOT NULL,
    title       TEXT NOT NULL,
    abstract    TEXT NOT NULL,
    authors     TEXT NOT NULL,    -- one a line
    categories  TEXT NOT NULL,    -- separated by spaces, the primary one first
    comment     TEXT,
    doi         TEXT,
    journal_ref TEXT,
    PRIMARY KEY (paper, version)
);

-- Places of the sequence known without their paper, read at the edge of a day.
CREATE TABLE landmark (
    sequence  INTEGER PRIMARY KEY,
    published INTEGER NOT NULL,
    seen      TEXT NOT NULL
);
CREATE INDEX landmark_published ON landmark (published);

-- What proves a day: its submission window was read, its edges were looked at.
CREATE TABLE reading (
    scope    TEXT NOT NULL,       -- the query part of the scope, '' for all of arXiv
    day      TEXT NOT NULL,
    total    INTEGER NOT NULL,    -- what arXiv said it has
    received INTEGER NOT NULL,    -- distinct papers that came
    read_at  INTEGER NOT NULL,
    empty_at INTEGER,             -- when arXiv last said that it has nothing; null if never
    PRIMARY KEY (scope, day)
);
CREATE TABLE edge (
    day     TEXT NOT NULL,
    newest  INTEGER NOT NULL,     -- 1: the day's last submissions, 0: its first
    papers  INTEGER NOT NULL,     -- how many came
    read_at INTEGER NOT NULL,
    PRIMARY KEY (day, newest)
);

-- Announcement days of the schedule on which arXiv announced nothing, as the next one showed.
CREATE TABLE put_off (
    day TEXT PRIMARY KEY
);

-- Ids asked for that arXiv did not return.
CREATE TABLE asked (
    scope    TEXT NOT NULL,
    id       TEXT NOT NULL,       -- with a version where an earlier one was wanted
    sequence INTEGER,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    settled  INTEGER NOT NULL,    -- 1: absent or out of scope, not asked for again
    PRIMARY KEY (scope, id)
);
CREATE INDEX asked_sequence ON asked (sequence);

-- Digests written. `intended` is noted before the file is replaced, so that after a crash in
-- between the file is known as ours whichever of the two it is.
CREATE TABLE digest (
    day        TEXT PRIMARY KEY,
    after      TEXT NOT NULL,     -- holds the announcement days behind this one, up to `day`
    state      TEXT NOT NULL,
    sha256     TEXT,
    intended   TEXT,
    papers     INTEGER NOT NULL,
    written_at INTEGER NOT NULL
);

-- Announcement days as the last run that looked at them found them, for `status`.
CREATE TABLE day (
    day    TEXT PRIMARY KEY,
    state  TEXT NOT NULL,
    papers INTEGER NOT NULL,
    gaps   INTEGER NOT NULL,
    absent INTEGER NOT NULL,
    proof  TEXT NOT NULL
);

-- Runs, for `status`.
CREATE TABLE run (
    started  INTEGER PRIMARY KEY,
    ended    INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    received INTEGER NOT NULL,
    outcome  TEXT NOT NULL
);

-- Single values: `composed`, the last change that written digests take account of; `told`, 1 if
-- the operator was told of trouble, and not since that all is well again; `rule`, what assigned
-- the papers of written digests to their days;
-- `query_failing`, the moment since which the query API has given no answer.
CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);
"""

_VERSION_3 = """
-- Papers of digests made elsewhere and imported, as a digest tells them. A fetch that brings one
-- stores it in `paper` as any other.
CREATE TABLE imported (
    id        TEXT PRIMARY KEY,   -- without version
    version   INTEGER,            -- null where the link had none
    day       TEXT NOT NULL,      -- of the digest that it was in
    published TEXT NOT NULL,      -- the day of the first version
    url       TEXT NOT NULL,
    title     TEXT NOT NULL,      -- without colons
    abstract  TEXT NOT NULL,
    authors   TEXT NOT NULL       -- one a line
);
"""


_VERSION_4 = """
-- The places of the papers of a digest as a walk found them; derived from `paper` and `landmark`.
CREATE TABLE batch (
    day      TEXT NOT NULL,       -- of the digest; it holds the announcement days behind `after`
    after    TEXT NOT NULL,
    calendar TEXT NOT NULL,       -- what tells the rule and the days put off by which it walked
    low      INTEGER NOT NULL,    -- the walk saw the known places from here
    high     INTEGER NOT NULL,    -- to here
    places   BLOB NOT NULL,       -- unsigned integers of the machine
    PRIMARY KEY (day, after)
) WITHOUT ROWID;

-- Works without a place in the sequence are few, and looked for day by day.
CREATE INDEX paper_old_style ON paper (published) WHERE sequence IS NULL;
"""

_VERSION_5 = """
-- Runs, each from its start. `ended` is null while one lasts, and for ever if it was killed.
CREATE TABLE run (
    number        INTEGER PRIMARY KEY, -- grows with every run
    command       TEXT NOT NULL,
    started       INTEGER NOT NULL,
    ended         INTEGER,
    requests      INTEGER NOT NULL DEFAULT 0,
    papers        INTEGER NOT NULL DEFAULT 0,
    digests       INTEGER NOT NULL DEFAULT 0,
    outcome       TEXT NOT NULL,
    problem       TEXT NOT NULL DEFAULT '',
    version       TEXT NOT NULL,       -- of the program, '' where not recorded
    configuration TEXT NOT NULL        -- its hash, '' where not recorded
);

INSERT INTO run (command, started, ended, requests, papers, outcome, problem, version,
                 configuration)
SELECT 'run', started, ended, requests, received,
       CASE WHEN outcome = 'done' THEN 'done'
            WHEN outcome LIKE 'some days are not complete yet%' THEN 'incomplete'
            ELSE 'failed' END,
       CASE WHEN instr(outcome, ': ') THEN substr(outcome, instr(outcome, ': ') + 2) ELSE '' END,
       '', ''
FROM run_before ORDER BY started;

DROP TABLE run_before;
"""

_VERSION_6 = """
-- Versions with the words of OAI-PMH; those of the query API take their place when they come.
CREATE TABLE by_oai (
    paper   TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (paper, version)
) WITHOUT ROWID;
"""

_VERSION_7 = """
-- Every version seen, as arXiv told it last; `content` has its texts, packed. Numbers only grow,
-- also when a version is told anew: so what the index of words lacks is behind a number.
CREATE TABLE version (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    paper   TEXT NOT NULL REFERENCES paper (id),
    version INTEGER NOT NULL,
    updated INTEGER NOT NULL,     -- submission of this version
    content BLOB NOT NULL,
    UNIQUE (paper, version)
);

-- What abstracts have in common, for packing; no row until there are enough of them.
CREATE TABLE dictionary (
    data BLOB NOT NULL
);

-- The words of titles and abstracts, by the numbers of versions; and all words there are.
CREATE VIRTUAL TABLE words USING fts5(
    text, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);
CREATE TABLE word (
    text TEXT PRIMARY KEY
) WITHOUT ROWID;

-- The number of the last version that is indexed.
CREATE TABLE indexed (
    number INTEGER NOT NULL
);
INSERT INTO indexed VALUES (0);
"""


_VERSION_8 = """
-- Receivers of digests, by the names that they were given; of their addresses nothing is kept.
CREATE TABLE receiver (
    name  TEXT PRIMARY KEY,
    first TEXT NOT NULL           -- the first digest day for them
) WITHOUT ROWID;

-- Digests that were accepted for a receiver.
CREATE TABLE sent (
    day      TEXT NOT NULL,
    receiver TEXT NOT NULL,
    sent_at  INTEGER NOT NULL,
    PRIMARY KEY (day, receiver)
) WITHOUT ROWID;
"""


def _create(db: sqlite3.Connection) -> None:
    _execute(db, _VERSION_1)


def _add_imports(db: sqlite3.Connection) -> None:
    _execute(db, _VERSION_3)


def _execute(db: sqlite3.Connection, script: str) -> None:
    # Not by executescript: it would commit what the transaction has done so far.
    for statement in script.split(";\n"):
        db.execute(statement)


def _keep_badges(db: sqlite3.Connection) -> None:
    # For the index of the digests: the most frequent badges, a JSON list of texts.
    db.execute("ALTER TABLE digest ADD COLUMN badges TEXT NOT NULL DEFAULT '[]'")


def _keep_batches(db: sqlite3.Connection) -> None:
    # Which keywords and style a digest was written with, '' if not known.
    db.execute("ALTER TABLE digest ADD COLUMN made_with TEXT NOT NULL DEFAULT ''")
    _execute(db, _VERSION_4)


def _keep_every_run(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE run RENAME TO run_before")
    _execute(db, _VERSION_5)


def _mark_oai(db: sqlite3.Connection) -> None:
    _execute(db, _VERSION_6)


def _pack_texts(db: sqlite3.Connection) -> None:
    # Only here: a file of this version needs none of it to be opened.
    from digest.archive.content import SAMPLE, Content, add_dictionary, dictionary_of, joined
    from digest.archive.housekeeping import tidy

    before = """
        SELECT paper, version, updated, title, abstract, authors, categories, comment, doi,
               journal_ref, nullif(url, 'http://arxiv.org/abs/' || paper || 'v' || version)
        FROM version_before
    """
    db.execute("ALTER TABLE version RENAME TO version_before")
    _execute(db, _VERSION_7)
    (last,) = db.execute("SELECT coalesce(max(rowid), 0) FROM version_before").fetchone()
    if last >= SAMPLE:
        examples = db.execute(f"{before} WHERE rowid % ? = 0", (last // SAMPLE,))
        add_dictionary(db, (joined(row[3:]) for row in examples))
    content = Content(lambda: dictionary_of(db))
    rows = db.execute(f"{before} ORDER BY rowid")
    db.executemany(
        "INSERT INTO version (paper, version, updated, content) VALUES (?, ?, ?, ?)",
        ((*row[:3], content.pack(row[3:])) for row in rows),
    )
    db.execute("DROP TABLE version_before")
    tidy(db)


def _note_what_is_sent(db: sqlite3.Connection) -> None:
    _execute(db, _VERSION_8)


def _pass_on(db: sqlite3.Connection) -> None:
    # The ids of a digest's papers in its order, between spaces; null if not known.
    db.execute("ALTER TABLE digest ADD COLUMN shown TEXT")
    # The papers that `digest export --since last-export` had.
    db.execute("CREATE TABLE exported (paper TEXT PRIMARY KEY) WITHOUT ROWID")


#: Order is the version. Append only: files in use have been through the earlier ones.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _create,
    _keep_badges,
    _add_imports,
    _keep_batches,
    _keep_every_run,
    _mark_oai,
    _pack_texts,
    _note_what_is_sent,
    _pass_on,
    keep_summaries,
    hold_sets,
    note_papers_sent,
    keep_lists,
    keep_libraries,
)


def migrate(db: sqlite3.Connection, name: str) -> None:
    """Bring an opened file to this version, in one transaction.

    Raises ArchiveError, and leaves the file as it is, if it is not an archive, or a newer one.
    """
    if version_of(db, name) == len(MIGRATIONS):
        return
    with transaction(db):
        version = version_of(db, name)  # once more: another process may have come first
        for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
            step(db)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def version_of(db: sqlite3.Connection, name: str) -> int:
    """How many migrations a file has been through, 0 if it is new and empty.

    Raises ArchiveError if it is not an archive, or a newer one.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or version or application):
        raise ArchiveError(
            f"the archive cannot be used: {name}: it is an SQLite file of another program",
            hint="set [digest] archive to a path of its own",
        )
    if version > len(MIGRATIONS):
        raise ArchiveError(
            f"the archive cannot be used: {name}: it was written by a newer arxiv-daily-digest "
            f"(version {version} of the file, this program knows {len(MIGRATIONS)})",
            hint="upgrade arxiv-daily-digest",
        )
    return int(version)
