"""The reader's library from files: what is read of them, left out, and refused."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness import CACHE, FRUIT, paper
from strange_papers import ATTACKS, picked

from digest.config import load
from digest.config.workspace import create
from digest.model import Paper
from digest.model.errors import ConfigError
from digest.outlets.exports import Format, Picked, formatter
from digest.writer.order.library import Library, read_library
from digest.writer.order.ordering import LibraryPaper
from digest.writer.order.relevance import ByRelevance
from digest.writer.order.words import words

BIBTEX = r"""% kept by hand
@string{jir = "Journal of Invented Results"}
@comment{nothing}
@article{mueller2024,
  author = {M{\"u}ller, J{\"o}rg},
  Title = {{Paged {KV}-Caches: a na{\"\i}ve study}},
  abstract = "With {\'e}tudes, and 100\% of $x = {y}$ @ home",
  journal = jir, eprint = {2401.00001v2}, archivePrefix = {arXiv}
}
@misc(parens, title = "Glaciers", doi = {10.48550/arXiv.2401.00002})
@misc{twice, title = {First}, title = {Second}, url = {https://arxiv.org/abs/hep-th/9901001v1}}
@misc{twice, title = {Of the same key}, journal = {arXiv preprint arXiv:2401.00003}}
@misc{other, title = {Of another archive}, eprint = {2401.00009}, eprinttype = {hal}}
@misc{broken, title = {Never closed, year = 2024
@misc{untitled, abstract = {arXiv:2401.00004}}
@misc{last, title = {The last one}, abstract = {compare arXiv:2401.00005}}
"""

RIS = """TY  - JOUR
TI  - Étude of ice
N2  - First line
  and a second one
UR  - https://example.org/x; https://arxiv.org/pdf/2401.00006v3
ER  - \r
continued from nowhere
TY  - JOUR
  not in a field
T1  - Without an end
AB  - Its words
TY  - CONF
AU  - Nobody
ER  -
"""


def versions(ids: Sequence[str]) -> Iterator[list[Paper]]:
    """An archive with two versions of one paper."""
    if "2603.00007" in ids:
        yield [paper(7, CACHE), replace(paper(7, FRUIT), version=2)]


def read(folder: Path, **files: str | bytes) -> Library:
    """A library of files `name.kind`, called `name_kind`."""
    paths = []
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return read_library(paths, versions)


def titles(library: Library) -> list[str]:
    return [one.title for one in library.papers]


def test_bibtex_is_read_with_its_accents_braces_and_ids(tmp_path: Path) -> None:
    library = read(tmp_path, a_bib="\ufeff" + BIBTEX)
    assert [(one.title, one.paper) for one in library.papers] == [
        (r"{Paged {KV}-Caches: a na{\"\i}ve study}", "2401.00001"),
        ("Glaciers", "2401.00002"),
        ("First", "hep-th/9901001"),
        ("Of the same key", "2401.00003"),
        ("Of another archive", ""),
        ("The last one", ""),
    ]
    first = library.papers[0]
    assert [stem for stem, _ in words(first.title)] == ["page", "kv", "cach", "naiv", "studi"]
    assert [stem for stem, _ in words(first.abstract)] == ["etud", "home"]
    assert library.notes == ("2 entries of the library left out: broken or without a title",)


def test_ris_is_read_and_a_broken_entry_takes_no_other_with_it(tmp_path: Path) -> None:
    library = read(tmp_path, a_ris=RIS)
    assert library.papers == [
        LibraryPaper("Étude of ice", "First line and a second one", "2401.00006"),
        LibraryPaper("Without an end", "Its words"),
    ]
    assert library.notes == ("1 entry of the library left out: broken or without a title",)


def test_csl_json_is_read_without_its_markup(tmp_path: Path) -> None:
    items = [
        {"id": 1, "title": "On <i>ice</i>", "abstract": "<jats:p>Cold</jats:p>", "DOI": None},
        {"id": 2, "title": "Warm", "DOI": "10.48550/ARXIV.2401.00007"},
        {"id": 3, "title": ["no", "text"]},
        {"id": 4, "title": "12"},
        "nothing",
    ]
    library = read(tmp_path, a_json=json.dumps(items))
    assert library.papers == [
        LibraryPaper("On  ice ", " Cold "),
        LibraryPaper("Warm", "", "2401.00007"),
    ]
    assert library.left_out == 3


def test_stars_have_the_text_of_the_lowest_version_in_the_archive(tmp_path: Path) -> None:
    papers = [
        {"id": name, "title": "Any", "starred": star, "read": None}
        for name, star in (
            ("2603.00007", "2026"),
            ("2603.00008", "2026"),
            ("2603.00009", None),
            ("no id", "2026"),
        )
    ]
    library = read(tmp_path, stars_json=json.dumps({"papers": papers}))
    assert library.papers == [LibraryPaper(*CACHE, "2603.00007")]
    assert library.notes == ("2 stars of the library left out: not in the archive",)
    # Stars alone that are all unknown, as after the archive was deleted, stop no run.
    assert read(tmp_path, x_json='{"papers": [{"id": "2603.1", "starred": "2026"}]}').unknown == 1


def test_several_files_are_one_library_in_whatever_order(tmp_path: Path) -> None:
    one = read(tmp_path, a_bib=BIBTEX, b_ris=RIS)
    other = read(tmp_path, b_ris=RIS, a_bib=BIBTEX)
    assert len(one.papers) == 8
    assert one.left_out == 3
    assert ByRelevance(one.papers).name == ByRelevance(other.papers).name


@pytest.mark.parametrize(
    ("form", "ending"), [(Format.BIBTEX, "bib"), (Format.RIS, "ris"), (Format.CSL_JSON, "json")]
)
@given(found=picked.filter(bool))
@settings(max_examples=20)
def test_what_we_export_comes_back_as_the_papers_it_is_of(
    tmp_path_factory: pytest.TempPathFactory, form: Format, ending: str, found: list[Picked]
) -> None:
    titled = [
        replace(one, paper=replace(one.paper, title=f"Ice {one.paper.title}")) for one in found
    ]
    folder = tmp_path_factory.mktemp("exported")
    library = read(folder, **{f"a_{ending}": formatter(form)(titled)})
    assert [one.paper for one in library.papers] == [one.paper.id for one in titled]
    assert not library.left_out


@given(st.binary(max_size=300) | st.sampled_from(ATTACKS).map(lambda text: text.encode()))
@settings(max_examples=40)
def test_any_bytes_are_a_library_or_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for begin in (b"", b"@misc{a, title = {b}}\n", b"TY  - JOUR\nTI  - b\nER  - \n", b"[{}, "):
        for name in ("a_bib", "a_ris", "a_json"):
            with suppress(ConfigError):
                library = read(folder, **{name: begin + data})
                assert library.papers or library.unknown or name == "a_json"
                ByRelevance(library.papers)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.bib", "", "holds no entry with a title"),
        ("a.bib", "<!doctype html><title>Log in</title>", "holds no entry with a title"),
        ("a.ris", BIBTEX, "holds no entry with a title"),
        ("a.json", "[]", "holds no entry with a title"),
        ("a.json", "{", "is no JSON"),
        ("a.json", "[" * 100_000, "is no JSON"),
        ("a.json", '{"items": []}', "is neither CSL-JSON nor stars of the site"),
        ("a.json", "\ufeff[]", "holds no entry with a title"),
    ],
)
def test_a_file_that_gives_nothing_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: str, what: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_library([path], versions)
    assert str(caught.value).startswith(f"{path}: library: {what}")
    assert caught.value.hint


def test_a_file_that_is_gone_meanwhile_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.bib: library: cannot be read: No such file"):
        read_library([tmp_path / "a.bib"], versions)


@pytest.mark.parametrize(("ending", "module"), [("bib", "bibtexparser"), ("ris", "rispy")])
def test_what_a_kind_of_file_needs_is_named_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, module: str
) -> None:
    for name in {module, *sys.modules}:
        if name.partition(".")[0] == module:
            monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    for reader in ("bibtex", "ris"):
        monkeypatch.delitem(sys.modules, f"digest.writer.order.{reader}", raising=False)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, **{f"a_{ending}": BIBTEX})
    assert f"a.{ending}: library: cannot be read: " in str(caught.value)
    assert "python -m pip install bibtexparser latexcodec rispy" in caught.value.hint
    assert read(tmp_path, a_json='[{"title": "Ice"}]').papers


def problems(folder: Path, **environ: str) -> list[str]:
    """What is wrong with a workspace's configuration, without the folder and what is allowed."""
    with pytest.raises(ConfigError) as caught:
        load(folder, environ)
    return [
        f"{Path(one.where).name}:{one.line}: {one.key}: {one.what}".replace(f"{folder}{os.sep}", "")
        for one in caught.value.problems
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path)
    (tmp_path / "folder.bib").mkdir()
    (tmp_path / "a.bib").write_text(BIBTEX, encoding="utf-8")
    (tmp_path / "B.RIS").write_text(RIS, encoding="utf-8")
    return tmp_path


def configure(folder: Path, settings: str) -> None:
    (folder / "config/digest.toml").write_text(f"[digest]\n{settings}\n", encoding="utf-8")


def test_files_are_named_from_the_workspace_also_by_the_environment(workspace: Path) -> None:
    configure(workspace, 'order = "relevance"\nlibrary = ["a.bib", "B.RIS"]')
    settings = load(workspace, {}).digest
    assert settings.library == (workspace / "a.bib", workspace / "B.RIS")
    settings = load(
        workspace, {"DIGEST_DIGEST__LIBRARY": "B.RIS", "DIGEST_DIGEST__ORDER": "newest"}
    ).digest
    assert (settings.library, settings.order) == ((workspace / "B.RIS",), "newest")


def test_mistakes_are_named_with_file_line_and_key(workspace: Path) -> None:
    nothing = 'order = "relevance" needs a library, which is empty, or marks = true'
    configure(workspace, 'marks = false\norder = "relevance"')
    assert problems(workspace) == [f"digest.toml:3: digest.order: {nothing}"]
    configure(workspace, 'order = "relevance"\nlibrary = []\nmarks = false')
    assert problems(workspace) == [f"digest.toml:2: digest.order: {nothing}"]
    configure(workspace, f'library = ["{"x" * 300}.bib"]')
    (found,) = problems(workspace)  # in the words of the system
    assert found.startswith("digest.toml:2: digest.library[1]: ")
    configure(workspace, "marks = false")
    assert problems(workspace, DIGEST_DIGEST__ORDER="relevance") == [
        f"DIGEST_DIGEST__ORDER:None: digest.order: {nothing}"
    ]
    configure(
        workspace,
        'order = "best"\n'
        'library = [\n  "a.bib",\n  "gone.bib",\n  "folder.bib",\n  "a.pdf",\n  7,\n]',
    )
    assert problems(workspace) == [
        "digest.toml:2: digest.order: got 'best'",
        "digest.toml:5: digest.library[2]: gone.bib does not exist",
        "digest.toml:6: digest.library[3]: cannot be read: folder.bib is not a file",
        "digest.toml:7: digest.library[4]: a.pdf is of an unknown kind",
        "digest.toml:8: digest.library[5]: got 7",
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_a_file_without_permission_is_named(workspace: Path) -> None:
    (workspace / "a.bib").chmod(0)
    configure(workspace, 'library = ["a.bib"]')
    assert problems(workspace) == [
        "digest.toml:2: digest.library[1]: cannot be read: no permission for a.bib"
    ]
