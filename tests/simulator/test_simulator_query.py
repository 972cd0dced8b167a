"""The simulated arXiv's query language: its traps, its words and its limits."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Paper
from digest.simulator import BrokenQuery, Corpus, InvalidQuery, Simulator
from digest.simulator.query import parse

SUBMITTED = datetime(2026, 3, 4, 12, 30, 45, tzinfo=UTC)
PAPER = Paper(
    id="2603.00001",
    version=2,
    url="http://arxiv.org/abs/2603.00001v2",
    title="Pruned transformers: a survey",
    abstract="We decode low-bit weights\n  and quantize caches. KVCache is naïve, and overlapping.",
    authors=("Ana del Maestro", "Bo Chen"),
    categories=("cs.LG", "stat.ML"),
    published=SUBMITTED,
    updated=SUBMITTED,
    comment="12 pages",
    doi="10.1000/182",
    journal_ref="J. Inv. Res. 7",
)
IN, OUT = "cat:cs.LG", "cat:cs.CL"


@pytest.fixture
def matches() -> Callable[[str], bool]:
    simulator = Simulator(Corpus.of([PAPER]), now=lambda: SUBMITTED)
    return lambda query: simulator.matches(query, PAPER)


Matches = Callable[[str], bool]


def test_operators_are_right_associative_without_precedence(matches: Matches) -> None:
    assert matches(f"{IN} OR {OUT} AND {OUT}")  # in OR (out AND out)
    assert matches(f"{IN} OR {IN} AND {OUT}")
    assert not matches(f"({IN} OR {IN}) AND {OUT}")
    assert not matches(f"{OUT} AND {OUT} OR {IN}")  # out AND (out OR in)
    assert matches(f"({OUT} AND {OUT}) OR {IN}")


def test_a_chain_of_exclusions_takes_the_second_one_back(matches: Matches) -> None:
    assert not matches(f"{IN} ANDNOT {IN}")
    assert matches(f"{IN} ANDNOT {IN} ANDNOT {IN}")  # in ANDNOT (in ANDNOT in)
    assert not matches(f"{IN} ANDNOT ({IN} OR {IN})")


@settings(deadline=None)  # a shared machine is slow now and then
@given(st.lists(st.sampled_from(("AND", "OR", "ANDNOT")), max_size=6), st.data())
def test_any_chain_means_what_its_brackets_mean(operators: list[str], data: st.DataObject) -> None:
    leaf = st.sampled_from((IN, OUT))
    operands = [data.draw(leaf) for _ in range(len(operators) + 1)]
    chain = operands[0]
    for operator, operand in zip(operators, operands[1:], strict=True):
        chain += f" {operator} {operand}"
    value = operands[-1] == IN
    for operand, operator in zip(operands[-2::-1], operators[::-1], strict=True):
        left = operand == IN
        value = {"AND": left and value, "OR": left or value, "ANDNOT": left and not value}[operator]
    simulator = Simulator(Corpus.of([]), now=lambda: SUBMITTED)
    assert simulator.matches(chain, PAPER) == value
    assert simulator.matches(parse(chain).canonical(), PAPER) == value


@pytest.mark.parametrize(
    ("query", "typed", "canonical"),
    [
        ("testing", "all:testing", "all:testing"),
        ("a b", "all:a OR all:b", "all:a OR all:b"),
        (f"{IN} and {OUT}", f"{IN} OR all:and OR {OUT}", f"{IN} OR (all:and OR {OUT})"),
        ("title:a", "ti:a", "ti:a"),
        ("ti:(a b)", "(ti:a OR ti:b)", "ti:a OR ti:b"),
        ('abs:"a b" NOT c', 'abs:"a b" ANDNOT all:c', 'abs:"a b" ANDNOT all:c'),
        ("a AND NOT b", "all:a ANDNOT all:b", "all:a ANDNOT all:b"),
        (
            "lastUpdatedDate:[2026 TO 2027]",
            "submittedDate:[2026 TO 2027]",
            "submittedDate:[2026 TO 2027]",
        ),
        (
            f"({IN} OR {OUT} OR {IN}) AND x",
            f"({IN} OR {OUT} OR {IN}) AND all:x",
            f"({IN} OR ({OUT} OR {IN})) AND all:x",
        ),
    ],
)
def test_what_is_missing_is_filled_in(query: str, typed: str, canonical: str) -> None:
    assert parse(query).typed() == typed
    assert parse(query).canonical() == canonical


def test_raw_queries_are_not_filled_in() -> None:
    assert parse("ti:a AND ti:b", adapt=False).typed() == "ti:a AND ti:b"
    for query in ("a", "ti:a ti:b"):
        with pytest.raises(InvalidQuery):
            parse(query, adapt=False)


@pytest.mark.parametrize(
    "query",
    [
        "ti:transformer",  # stems
        "abs:decoding",
        "abs:quantization",
        "abs:cache",
        "abs:NAIVE",  # case and accents
        'abs:"low bit"',
        "abs:low-bit",
        'abs:"weights and quantized"',  # over the paragraph
        "abs:overlap",
        "abs:quant*",
        "abs:qu?ntize",
        "all:maestro",
        'au:"del maestro"',
        "co:pages",
        "jr:inv",
        "doi:10.1000/182",
        "id:2603.00001",
        "cat:cs.LG",
        "cat:stat.ML",
        "cat:cs.*",
        "cat:*.ML",
        "nothing OR ti:survey",
        "ti:(nothing survey)",
    ],
)
def test_a_query_that_finds_the_paper(query: str, matches: Matches) -> None:
    assert matches(query)


@pytest.mark.parametrize(
    "query",
    [
        "abs:KV",  # inside a word
        "abs:code",
        'abs:"bit low"',
        'abs:"weights caches"',
        "ti:decode",
        'au:"maestro bo"',  # over the border of two names
        'all:"survey we"',
        "cat:cs",
        "cat:LG",
        "cat:CS.lg",
        "cat:cs.LG+AND+ti:survey",  # a plus that was encoded twice
        "id:2603.00001v2",
        "rn:survey",
        'abs:"++"',
        'abs:"quant*"',
    ],
)
def test_a_query_that_does_not_find_the_paper(query: str, matches: Matches) -> None:
    assert not matches(query)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ("202603041230 TO 202603041231", True),
        ("202603041230 TO 202603041230", False),  # the seconds of the bound are :00
        ("202603041231 TO 202603041300", False),
        ("20260304123059 TO 20260304123159", True),  # seconds are cut
        ("20260304 TO 20260304", True),
        ("202603 TO 202603", True),
        ("2026 TO 2026", True),
        ("202601 TO 202602", False),
        ("2025 TO 2025", False),
    ],
)
def test_windows_are_of_minutes_and_include_both_ends(
    bounds: str, found: bool, matches: Matches
) -> None:
    assert matches(f"submittedDate:[{bounds}]") == found


@pytest.mark.parametrize(
    ("bounds", "last"),
    [
        ("2024 TO 2024", "2024-12-31T23:59:00"),
        ("2024 TO 202402", "2024-02-29T23:59:00"),
        ("2024 TO 20240301", "2024-03-01T23:59:00"),
    ],
)
def test_partial_ends_are_filled_to_the_last_minute(bounds: str, last: str) -> None:
    _, end = parse(f"submittedDate:[{bounds}]").span()
    assert end == datetime.fromisoformat(last).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "query",
    [
        "submittedDate:20260101",
        "submittedDate:20260101*",
        "submittedDate:[20260101 TO *]",
        "submittedDate:[2026-01-01 TO 2026-01-02]",
        "submittedDate:[20260101 to 20260102]",
        "submittedDate:[20260101  TO 20260102]",
        "submittedDate:[ 20260101 TO 20260102]",
        "submittedDate: [20260101 TO 20260102]",
        "submittedDate:{20260101 TO 20260102}",
        "submittedDate:[20260230 TO 20260301]",
        "submittedDate:[20260101 TO 20261301]",
        "submittedDate:[202601011 TO 20260102]",
        "submittedDate:[20260101]",
        "ti:*former",
        " OR ".join(["ti:a"] * 1000),
        "(" * 200 + "a" + ")" * 200,
    ],
)
def test_a_query_that_breaks_the_server(query: str) -> None:
    with pytest.raises(BrokenQuery):
        parse(query)


@pytest.mark.parametrize(
    "query",
    [
        "( ( )",
        "(ti:space",
        "ti:a)",
        "()",
        "ti:a AND",
        "AND ti:a",
        "ti:a AND AND ti:b",
        "NOT ti:a",
        'abs:"open',
        'abs:""',
        "ti:",
        "foo:bar",
        "a [b]",
    ],
)
def test_a_text_that_is_no_query(query: str) -> None:
    with pytest.raises(InvalidQuery):
        parse(query)


def test_hundreds_of_terms_are_fine(matches: Matches) -> None:
    assert matches(" OR ".join(["ti:nothing"] * 959 + ["ti:survey"]))
    assert len(parse(" OR ".join(["ti:a"] * 960)).canonical()) > 960 * 8


def test_a_search_needs_to_look_only_at_its_window() -> None:
    window = "submittedDate:[20260304 TO 20260305]"
    inside = parse(window).span()
    assert parse(f"cat:a AND {window}").span() == inside
    assert parse(f"({window} AND ti:a) OR (ti:b AND {window})").span() == inside
    assert parse(f"{window} ANDNOT submittedDate:[2020 TO 2021]").span() == inside
    assert parse(f"cat:a OR {window}").span() != inside


@settings(deadline=None)  # a shared machine is slow now and then
@given(st.text(alphabet=st.characters(blacklist_characters='"', blacklist_categories=["Cs"])))
def test_any_phrase_in_quotes_is_accepted(phrase: str) -> None:
    if phrase.strip():
        assert parse(f'(abs:"{phrase}" OR ti:"{phrase}") AND cat:cs.*').typed()
