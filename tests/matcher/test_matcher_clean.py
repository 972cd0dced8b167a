"""The clean style: whole words with their inflections, and no badge where it would break things."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matching import badges, paper

from digest.matcher import Matcher
from digest.matcher.inflection import inflections
from digest.matcher.letters import fold, join, touches
from digest.matcher.protected import protected
from digest.model import CLEAN, SOURCE, Badge, Group, Keyword, Paper, Style, Topic, plain_keywords


def clean(*keywords: str | Keyword) -> Matcher:
    words = tuple(Keyword(word) if isinstance(word, str) else word for word in keywords)
    return Matcher([Topic("t", (Group("g", "F08080", words),))], CLEAN)


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("LLM", "LLMs, an llm; vLLM, LLM2, LLM_x", "LLMs llm"),
        ("LLMs", "LLM LLMs llms", "LLMs llms"),
        (
            "decode",
            "Decoders decode, decoding decoded; predecode",
            "Decoders decode decoding decoded",
        ),
        ("decoding", "decode, decoder, decoding", "decoding"),
        ("quantize", "quantized quantization quantizer", "quantized quantizer"),
        ("quantization", "Quantizations quantize", "Quantizations"),
        ("overlap", "overlapping overlaps overlapped overlay", "overlapping overlaps overlapped"),
        ("cache", "caches caching cached cachet", "caches caching cached"),
        ("query", "queries querying query-based", "queries querying query"),
        ("pruning", "pruned prune pruning", "pruning"),
        ("serving", "preserving, serving", "serving"),
        ("KV", "KVs KV- kvm", "KVs KV"),
        ("embed", "embedding embedded embeds ember", "embedding embedded embeds"),
        ("infer", "inferring inferred inference", "inferring inferred"),
        ("box", "boxes boxer", "boxes"),
        ("A100", "A100s a100 A1000", "A100s a100"),
        ("sparse", "sparser sparsity sparse", "sparse"),
        ("Größe", "GRÖßE größen", "GRÖßE"),
        ("e", "é e\u0301 e", "e"),
    ],
)
def test_a_word_counts_whole_in_any_case_with_its_inflections(
    keyword: str, text: str, found: str
) -> None:
    assert badges(clean(keyword), text) == found.split()


@pytest.mark.parametrize("keyword", ["KV cache", "KV-cache", "KV‑cache", "kv‐cache"])
@pytest.mark.parametrize("text", ["KV cache", "KV-cache", "KV‑caches", "kv‐CACHING"])
def test_a_space_and_a_hyphen_stand_for_each_other(keyword: str, text: str) -> None:
    assert badges(clean(keyword), f"a {text}.") == [text]


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("KV cache", "KVcache KV  cache KV---cache KV\ncache KVs cache KV_cache"),
        ("low-bit", "low bitrate, below bit"),
        ("-", "a - b, a-b"),
        ("--x", "a  x"),
        ("x - y", "x   y"),
    ],
)
def test_a_phrase_does_not_count_otherwise(keyword: str, text: str) -> None:
    assert set(badges(clean(keyword), text)) <= {keyword}


def test_only_the_last_word_of_a_phrase_is_inflected() -> None:
    assert badges(clean("low-bit"), "low bits, lower bit, low-bit") == ["low bits", "low-bit"]


def test_earlier_keywords_take_their_text_first() -> None:
    matcher = clean("cache", "KV cache", "LLM serving", "serving")
    assert badges(matcher, "KV cache, LLM serving, serving") == ["cache", "LLM serving", "serving"]


PROTECTED = [
    "https://x.org/LLM",
    "(see https://x.org/a,LLM)",
    "HTTP://LLM.org",
    "git+ssh://x/LLM",
    "s3://LLM/cache",
    "Code:https://LLM.ai.",
    "www.LLM.de",
    "github.com/x/LLM",
    "...github.com/LLM",
    "x.github.io/LLM?LLM#LLM",
    "localhost.localdomain:8080/LLM",
    "LLM.org",
    "(LLM.github.io),",
    "10.1145/LLM.3",
    "doi:10.48550/arXiv.LLM",
    "LLM@x.org",
    "me@LLM.example.de",
    "{a, LLM}@x.org",
    "\\texttt{LLM-team@x.co.uk}",
    "git@x.org:me/LLM",
    "$LLM$",
    "$ \\mathrm{LLM}\n $",
    "$$ a $ LLM $$",
    r"\(LLM\)",
    r"$5 \(LLM\)",
    r"\( $LLM$",
    r"\[ LLM \]",
    r"$a\$ LLM$",
    "$a$$LLM$",
]


@pytest.mark.parametrize("place", PROTECTED)
def test_a_link_an_address_and_math_have_no_badge_and_count_for_nothing(place: str) -> None:
    matcher = clean("LLM")
    assert badges(matcher, f"An LLM: {place} and LLM") == ["LLM", "LLM"]
    assert matcher.match(paper(f"A model: {place} and more")) is None
    assert not matcher.has_keywords(f"A model: {place} and more")


@pytest.mark.parametrize(
    "text",
    [
        r"\$5 per LLM and \$10",
        "$5 per LLM",
        "$x$ LLM $y$",
        "$$ LLM",
        r"\( LLM",
        r"LLM \)",
        r"\\( LLM \\)",
        "pass@1 LLM@k LLM@1.5",
        "fast.LLM and/or LLM/GPU 2.5x/LLM",
        "e.g./LLM",
        "see https://x.org LLM",
        "a 10.5/LLM",
    ],
)
def test_what_only_looks_like_one_protects_nothing(text: str) -> None:
    assert len(badges(clean("LLM"), text)) == text.count("LLM")


def test_a_keyword_with_math_within_gets_no_badge() -> None:
    assert badges(clean("M$^3$Prune", "Prune"), "M$^3$Prune, Prune") == ["Prune", "Prune"]


@pytest.mark.parametrize(
    "part",
    ["$", "$$ $", "a.", "a.b ", "@", "a@", "{a@", "\\(", "a-", "a/.", "10.1234", "://", "a:9", "x"],
)
def test_no_text_takes_long(part: str) -> None:
    text = part * (100_000 // len(part))
    start = time.process_time()
    list(protected(text + " $ \\) a.b@c.de"))
    assert time.process_time() - start < 2


def test_folding_keeps_places_and_never_makes_ascii() -> None:
    # No letter behind the second plane has a case.
    everything = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    folded = fold("".join(everything))
    assert len(folded) == len(everything)
    changed = [(one, other) for one, other in zip(everything, folded, strict=True) if one != other]
    assert len(changed) > 1000
    assert all(one.isascii() == other.isascii() for one, other in changed)
    assert all(touches(one) == touches(other) for one, other in changed)
    assert all(fold(one) == other for one, other in changed)


@given(st.text(alphabet="aÄſ\u212aßİ-‐ ", max_size=8))
def test_folding_and_joining_go_character_by_character(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
    assert join(fold(text)) == fold(join(text))
    assert len(join(text)) == len(text)


VERBS = ["decode", "quantize", "prefill", "cache", "overlap", "model", "compress", "embed"]


@pytest.mark.parametrize("word", [*VERBS, "transform", "LLM", "query", "class", "disaggregate"])
def test_a_form_of_a_form_is_a_form(word: str) -> None:
    forms = set(inflections(word))
    assert all(set(inflections(form)) <= forms for form in ordinary(word) & forms)


def ordinary(word: str) -> set[str]:
    stem = word.removesuffix("e")
    return {word + "s", word + "es", stem + "ed", stem + "ing", stem + "ping", stem + "er"}


KEYWORDS = ("LLM", "KV cache", "low-bit", "decode", "e", "org")
PARTS = [
    *("LLM", "llms", "KV", "cache", "-", "‐", " ", "\n", "low", "bits", "decoding", "e", "\u0301"),
    *("_", "2", "é", "$", "$$", "\\", "\\(", "\\)", "\\[", "\\]", "https://", "www.", ".", "/"),
    *("@", "x.org", "github.com/", "{", "}", ",", "10.1234/", ":"),
]
texts = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@given(texts)
@example("$LLM$$$LLM$$")
def test_badges_touch_no_letter_and_stand_in_no_protected_place(text: str) -> None:
    match = clean(*KEYWORDS).match(paper(text))
    pieces = match.abstract if match else ()
    assert "".join(p.text if isinstance(p, Badge) else p for p in pieces) == (text if match else "")
    place = 0
    for piece in pieces:
        end = place + len(piece.text if isinstance(piece, Badge) else piece)
        if isinstance(piece, Badge):
            for beside in (text[place - 1 : place], text[end : end + 1]):
                assert not re.match(r"\w", beside)
                assert not (beside and unicodedata.combining(beside))
            assert not in_link_or_address(text, place, end)
            assert not in_math(text, place)
        place = end


def in_link_or_address(text: str, start: int, end: int) -> bool:
    """Whether the characters around a place, up to the next white space, look like one."""
    before = re.split(r"\s", text[:start])[-1]
    after = re.split(r"\s", text[end:])[0]
    word = before + text[start:end] + after
    links = [found.span() for found in re.finditer(r"https?://.+|www\.x\.org|github\.com/.+", word)]
    links += [found.span() for found in re.finditer(r"[A-Za-z]+@x\.org", word)]
    return any(a <= len(before) < b for a, b in links)


def in_math(text: str, place: int) -> bool:
    """Reads on from the beginning, formula after formula, to the one that reaches the place."""
    at = 0
    while at <= place:
        for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
            if text.startswith(opening, at):
                end = at + len(opening)
                while end < len(text) and not text.startswith(closing, end):
                    end += 2 if text[end] == "\\" else 1
                if end < len(text):
                    if at <= place < end:
                        return True
                    at = end + len(closing)
                else:
                    at += len(opening)
                break
        else:
            at += 2 if text[at : at + 1] == "\\" else 1
    return False


GROUPS = st.lists(
    st.lists(st.sampled_from(KEYWORDS), min_size=1, max_size=3, unique=True), min_size=1, max_size=2
)


@given(st.lists(GROUPS, min_size=1, max_size=2), texts, st.sampled_from([SOURCE, CLEAN]))
def test_has_keywords_is_what_match_goes_by(
    groups: list[list[list[str]]], text: str, style: Style
) -> None:
    topics = [
        Topic(str(n), tuple(Group(str(m), "F08080", plain_keywords(*w)) for m, w in enumerate(g)))
        for n, g in enumerate(groups)
    ]
    matcher = Matcher(topics, style)
    assert matcher.has_keywords(text) is (matcher.match(paper(text)) is not None)


@given(st.lists(GROUPS, min_size=1, max_size=2), texts, st.sampled_from([SOURCE, CLEAN]))
def test_an_examination_tells_what_match_does(
    groups: list[list[list[str]]], text: str, style: Style
) -> None:
    topics = [
        Topic(
            str(n),
            tuple(Group(str(m), f"00000{m}", plain_keywords(*w)) for m, w in enumerate(g)),
            exclude=("low",),
        )
        for n, g in enumerate(groups)
    ]
    matcher = Matcher(topics, style)
    one = paper(text)
    match, examination = matcher.match(one), matcher.examine(one)
    satisfied = tuple(verdict.topic for verdict in examination.verdicts if verdict.satisfied)
    assert satisfied == (match.topics if match else ())
    colors = {(t.name, group.name): group.color for t in topics for group in t.groups}
    expected, place = [], 0
    for piece in match.abstract if match else ():
        end = place + len(piece.text if isinstance(piece, Badge) else piece)
        if isinstance(piece, Badge):
            expected.append((piece.color, place, end))
        place = end
    assert expected == [
        (colors[badge.topic, badge.group], badge.occurrence.start, badge.occurrence.end)
        for badge in examination.badges
    ]
    for verdict in examination.verdicts:
        assert verdict.satisfied is (
            verdict.in_categories
            and not verdict.excluded
            and all(group.found for group in verdict.groups)
        )


def test_an_examination_gives_its_reasons() -> None:
    groups = (
        Group("technique", "F08080", plain_keywords("cache", "KV cache")),
        Group("model", "FF8C00", plain_keywords("LLM")),
    )
    matcher = Matcher(
        [Topic("a", groups, ("cs.CL",), ("bev", "spiking")), Topic("b", groups[:1])], CLEAN
    )
    examined: Paper = paper("KV caches, BEV and $LLM$", title="Spiking BEV", categories=("cs.LG",))
    one, other = matcher.examine(examined).verdicts
    assert (one.topic, one.satisfied, one.in_categories) == ("a", False, False)
    assert one.excluded == ("Spiking", "BEV")
    assert [(group.name, group.color) for group in one.groups] == [
        ("technique", "F08080"),
        ("model", "FF8C00"),
    ]
    assert [(o.keyword.text, o.start, o.end) for o in one.groups[0].found] == [
        ("KV cache", 0, 9),
        ("cache", 3, 9),
    ]
    assert one.groups[1].found == ()
    assert other.satisfied
    (badge,) = matcher.examine(examined).badges
    assert (badge.topic, badge.group, badge.occurrence.keyword.text) == ("b", "technique", "cache")


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("Bose-Einstein", "Bose–Einstein condensates"),
        ("Bose-Einstein condensate", "a Bose--Einstein condensates"),
        ("Bose-Einstein", "of Bose—Einstein"),
        ("Bell's inequality", "Bell’s inequality holds"),
        ("Bell’s inequality", "Bell's inequality holds"),
        ("大语言模型", "我们研究大语言模型的推理"),
        ("LLM", "我们研究LLM推理"),
        ("LLM", "saves $100K of an LLM versus $200K"),
        ("LLM", "costs $5 per LLM, not $10"),
    ],
)
def test_dashes_apostrophes_scripts_and_money_keep_no_keyword_out(keyword: str, text: str) -> None:
    matcher = clean(keyword)
    assert matcher.has_keywords(text)
    (badge,) = badges(matcher, text)
    assert badge in text


def test_a_dash_of_tex_is_within_the_badge_and_its_place_is_right() -> None:
    assert badges(clean("Bose-Einstein", "LLM"), "x--y Bose--Einstein LLM--z") == [
        "Bose--Einstein",
        "LLM",
    ]
    assert badges(clean("Bose-Einstein"), "Bose---Einstein, Bose- -Einstein") == []


def test_a_keyword_in_the_title_counts_in_the_clean_style_alone() -> None:
    one = replace(paper("Nothing here."), title="On LLMs, $LLM$")
    matcher = clean("LLM")
    assert matcher.has_keywords(one.abstract, one.title)
    match = matcher.match(one)
    assert match and match.abstract == ("Nothing here.",)
    assert match.title == ("On ", Badge("LLMs", "F08080"), ", $LLM$")
    (verdict,) = matcher.examine(one).verdicts
    assert verdict.satisfied and [len(group.in_title) for group in verdict.groups] == [1]
    assert (
        Matcher([Topic("t", (Group("g", "F08080", plain_keywords("LLM")),))], SOURCE).match(one)
        is None
    )
