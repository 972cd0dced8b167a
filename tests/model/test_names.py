"""Which two ways to write a name are the same person's: the table of `model.names`."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.matcher.following import Following
from digest.model import Author, Badge
from digest.model.names import family_name, squeezed, wanted

SAME = [
    ("Ødegård, Kari", "Kari Ødegård"),
    ("Kari Ødegård", "KARI ODEGARD"),
    ("Kari Ødegård", "Kari O\u0308degard"),
    ("Groß, Eva", "Eva Gross"),
    ("Æsa Łoś", "Aesa Los"),
    ("Kari Ødegård", "K. Ødegård"),
    ("K. Ødegård", "Kari Ødegård"),
    ("K. B. Ødegård", "Kari Ødegård"),
    ("K. B. Ødegård", "Kari Bente Ødegård"),
    ("Kari Ødegård", "K.B. Ødegård"),
    ("K Ødegård", "Kari-Bente Ødegård"),
    ("Ivanova, Yu.", "Yulia Ivanova"),
    ("Yulia Ivanova", "Yu. P. Ivanova"),
    ("Ødegård", "Kari Ødegård"),
    ("Ødegård", "Ødegård"),
    ("Jean-Luc Petit", "Jean Luc Petit"),
    ("J.-L. Petit", "Jean Luc Petit"),
    ("Xiao-Ming Li", "Xiaoming Li"),
    ("Xiaoming Li", "X.-M. Li"),
    ("Ann MacKay", "Ann Mac Kay"),
    ("Pat O'Brien", "P. O\u2019Brien"),
    ("Pat OBrien", "Pat O'Brien"),
    ("Jan van der Berg", "J. van der Berg"),
    ("van der Berg, Jan", "Jan Van Der Berg"),
    ("Berg, Jan van der", "Jan van der Berg"),
    ("van der Berg,", "Jan van der Berg"),
    ("García Márquez, Ana", "A. García-Márquez"),
    ("Ana García Márquez", "A. García Márquez"),
    ("Maria Skłodowska-Curie", "M. Sklodowska Curie"),
    ("John Smith", "John Smith Jr."),
    ("Smith, John, Jr.", "J. Smith III"),
    ("John Smith, Jr.", "John Smith"),
    ("Di Wu", "D. Wu"),
    ("Kenji Ii", "K. Ii"),
    ("Kari  Ødegård", " Kari\u00a0Ødegård "),
    ("Kari Ødegård", "Ødegård, K."),
    ("李 伟", "李 伟"),
    ("The LIGO Collaboration", "The LIGO Collaboration"),
]
OTHERS = [
    ("Kari Ødegård", "Karl Ødegård"),
    ("Kari Ødegård", "Karin Ødegård"),
    ("Kari Ødegård", "B. Ødegård"),
    ("K. B. Ødegård", "Kari Anne Ødegård"),
    ("Kari Ødegård", "Kari Ødegårdsen"),
    ("Kari Ødegård", "Ødegård"),
    ("Kari Ødegård", "Ødegård Kari"),
    ("Li Wei", "Wei Li"),
    ("Schrödinger", "Schroedinger"),
    ("Berg, Jan", "Jan van der Berg"),
    ("Berg", "Jan van der Berg"),
    ("van der Berg, Jan", "Jan Berg"),
    ("García Márquez, Ana", "Ana Márquez"),
    ("Di Wu", "Xiao Wu"),
    ("Kari Ødegård", ""),
    ("Kari Ødegård", "., -"),
]


def are_same(followed: str, name: str, *, exact: bool = False) -> bool:
    following = Following([Author(followed, "F08080", exact=exact)])
    found = following.find(name) is not None
    assert following.is_in(f"A. Nobody\n{name}\nB. Noone") is found, "the quick look finds the same"
    return found


@pytest.mark.parametrize(("followed", "name"), SAME)
def test_ways_to_write_a_name_are_the_same_person(followed: str, name: str) -> None:
    assert are_same(followed, name)


@pytest.mark.parametrize(("followed", "name"), OTHERS)
def test_other_names_are_other_people(followed: str, name: str) -> None:
    assert not are_same(followed, name)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("K. B. Ødegård", True),
        ("K. B.  O\u0308degård", False),
        ("K. B. Ødega\u030ard", True),
        ("K.B. Ødegård", False),
        ("Kari B. Ødegård", False),
        ("K. B. ØDEGÅRD", False),
    ],
)
def test_an_exact_form_is_that_form_however_its_letters_are_encoded(name: str, found: bool) -> None:
    assert are_same("K. B. Ødegård", name, exact=True) is found


WORD = st.text(
    st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=6
).filter(squeezed)
PART = st.one_of(
    WORD,
    st.sampled_from(["Kari", "Ødegård", "O'Brien", "Li", "Weiß", "Jean-Luc", "Xiao-Ming", "van"]),
    st.from_regex(r"[A-ZÅØ]\.(-?[A-Z]\.)?", fullmatch=True),
)
NAMES = st.tuples(st.lists(PART, max_size=3), WORD | st.sampled_from(["de la Cruz", "Ii"])).map(
    lambda parts: " ".join([*parts[0], parts[1]])
)


@given(NAMES)
def test_a_name_is_itself_in_any_case_and_without_accents(name: str) -> None:
    assert are_same(name, name)
    assert are_same(name, name.replace("-", " "))
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    for other in (name.lower(), plain, bare):
        assert are_same(name, other)
        assert are_same(other, name)


@given(
    st.lists(PART, min_size=1, max_size=3),
    WORD.filter(lambda word: squeezed(word) not in ("jr", "sr", "ii", "iii")),
)
def test_a_comma_turns_a_name_round(given_names: list[str], family: str) -> None:
    first = " ".join(given_names)
    assert are_same(f"{family}, {first}", f"{first} {family}")
    assert are_same(f"{family}, {first}", f"{family}, {first}")


@given(st.text(max_size=30), st.text(st.characters(exclude_characters="\n"), max_size=30))
def test_in_any_text_the_quick_look_finds_what_the_whole_look_finds(one: str, other: str) -> None:
    assume(wanted(one).family)
    for exact in (False, True):
        following = Following([Author(one, "F08080", exact=exact)])
        found = following.find(other) is not None
        assert following.is_in(f"A. Nobody\n{other}\nB. Noone") is found


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Kari Ødegård", "Ødegård"),
        ("van der Berg, Jan", "van der Berg"),
        ("Maria Skłodowska-Curie", "Skłodowska-Curie"),
        ("Pat O'Brien Jr.", "O'Brien"),
        ("Yang Yang", "Yang"),
        ("van der Berg, Berg", "van der Berg"),
    ],
)
def test_the_family_name_is_told_as_it_is_written(name: str, family: str) -> None:
    assert family_name(name) == family


def test_of_several_who_fit_the_first_is_meant_and_other_names_have_no_badge() -> None:
    following = Following([Author("Kari Ødegård", "000001"), Author("K. Ødegård", "000002")])
    badges = following.badges(["Karin  Ødegård", "A. Nobody", "K. Ødegård"])
    assert badges == {
        "Karin Ødegård": Badge("Karin Ødegård", "000002"),
        "K. Ødegård": Badge("K. Ødegård", "000001"),
    }
