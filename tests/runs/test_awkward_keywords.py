"""`scope = "topics"` finds what the keywords say: arXiv is asked so that its analyzers agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asking import Clock, invented
from desk import Desk, shown
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.fetcher.calendar import Calendar
from digest.fetcher.query.queries import scope_query
from digest.matcher import Matcher
from digest.matcher.reading import read
from digest.model import STYLES, Group, Keyword, Paper, Style, Topic
from digest.simulator import Corpus, Simulator
from digest.simulator.analyzers import tokens

STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then"
    " there these they this to was will with"
)
AWKWARD = [
    *STOP_WORDS.split(),
    *("NO", "AS", "IT", "WILL", "A*", "Such", "AND", "OR", "NOT", "TO", "ANDNOT", "and/or"),
    *("1,000", "3.5", "10,000,000", "2:1", "1/2", "100%", "1;000", "-1", "0", "3D", "2-bit"),
    *("1.58-bit", "4.5-", "v1.5", "GPT-4", "GPT-4.5", "k=5", "x_1", "foo_bar", "2024/25", "#1"),
    *("a:b", "model:agnostic", "OR:AND", "ti:x", "cat:cs.CL", "a·b", "x‿y", "a‧b", "a․b"),
    *("d’Alembert", "d'Alembert", "Kolmogorov's", "Bell’s", "l'Hôpital", "o’clock", "‘n’", "p's"),
    *("µm", "μm", "α", "β-decay", "ϕ", "φ^4", "Σ", "σ", "ς", "λόγος", "ϵ-greedy", "ε-net", "ϑ"),
    *("bias", "focus", "physics", "lens", "corpus", "basis", "axis", "virus", "analysis", "class"),
    *("gas", "process", "loss", "bus", "census", "thesis", "chaos", "atlas", "status", "mass"),
    *("dress", "index", "matrix", "box", "quiz", "wish", "match", "query", "query-", "memory"),
    *("study", "key", "play", "decode", "encode", "cache", "use", "prune", "sparse", "agree"),
    *("dye", "shoe", "overlap", "plan", "refer", "format", "traffic", "quantize", "quantise"),
    *("embed", "embedding", "LLM", "LLMs", "VLM", "GPU", "RNN", "CNNs", "ViT", "BEV", "i.i.d."),
    *("e.g.", "U.S.", "arXiv.org", "www", "C++", "C#", ".NET", "R&D", "AT&T", "f(x)", "O(n^2)"),
    *("[x TO y]", "a OR b", "(and)", '"quoted"', 'say "x"', "\\alpha", "\\mathbb{R}", "$k$-means"),
    *("naïve", "Schrödinger", "Poincaré", "Erdős", "Łukasz", "Straße", "ﬁeld", "Ångström", "Ø"),
    *("ℓ1", "ℓ_1", "ℝ", "H₂O", "m²", "L²", "∂x", "10⁻³ m", "½-life", "№ 5", "𝔽_q", "ⅷ"),
    *("low-bit", "KV cache", "KV-cache", "state of the art", "to be or not to be", "the who"),
    *("in vivo", "not all", "at scale", "of use", "will to", "is all you need", "out of it"),
    *("large language model", "mixture of experts", "chain-of-thought", "zero - shot", "x  y"),
    *("模型", "量子 化", "トークン", "модель", "ёлка", "İstanbul", "ı", "ŉ", "ǆ", "q\u0308"),
]  # fmt: skip

DAY = Calendar().days(date(2026, 3, 4), date(2026, 3, 4))[0]
START = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)


def spellings(keyword: Keyword, style: Style) -> list[str]:
    """Texts in which a keyword stands, as abstracts may have it."""
    forms = list(read(keyword, style).spellings)
    if style.words:
        forms += [keyword.text.upper(), keyword.text.casefold(), keyword.text.title()]
        forms += [keyword.text.replace("-", " "), keyword.text.replace(" ", "-")]
        forms += [keyword.text.replace("μ", "µ").replace("φ", "ϕ").replace("σ", "ς")]
    return [form for form in dict.fromkeys(forms) if matches(keyword, style, f"Xq {form} zq.")]


def matches(keyword: Keyword, style: Style, abstract: str) -> bool:
    topic = Topic("t", (Group("g", "F08080", (keyword,)),))
    matcher = Matcher([topic], style)
    return bool(matcher.match(invented("2603.00001", START, abstract=abstract)))


def papers(style: Style) -> Iterator[Paper]:
    """A paper for each spelling of each keyword, and some that have none."""
    number = 0
    for text in AWKWARD:
        for form in spellings(Keyword(text), style):
            for abstract in (f"Xq {form} zq.", f"({form}), xq; {form}!", f"Zq xq – {form}\n  xq."):
                number += 1
                moment = START + timedelta(seconds=20 * number)
                yield invented(f"2603.{number:05d}", moment, abstract=abstract)
    for _ in range(20):
        number += 1
        moment = START + timedelta(seconds=20 * number)
        yield invented(f"2603.{number:05d}", moment, abstract="Xyq zzq.")


def topics() -> str:
    keywords = json.dumps(AWKWARD, ensure_ascii=False)
    return f'[[topic]]\nname = "t"\n[[topic.group]]\nkeywords = {keywords}\n'


def test_there_are_two_hundred_awkward_keywords() -> None:
    assert len(set(AWKWARD)) == len(AWKWARD) >= 200


@pytest.mark.parametrize("style", STYLES)
def test_topics_give_the_digests_of_all(style: str, tmp_path: Path) -> None:
    corpus = Corpus.of(papers(STYLES[style]))
    files = {}
    for scope in ("all", "topics"):
        environ = {"DIGEST_ARXIV__SCOPE": scope, "DIGEST_DIGEST__STYLE": style}
        desk = Desk(tmp_path / scope, corpus, environ=environ, topics=topics())
        assert desk.run_on(DAY).failure is None
        files[scope] = {name: shown(data) for name, data in desk.files().items()}
    assert files["topics"] == files["all"]
    assert sum(map(len, files["all"].values())) > 200


ARXIV = Simulator(Corpus.of([invented("2603.00001", START)]), now=Clock())

#: What stands around a keyword; some join it with the word beside it.
AROUND = st.sampled_from(
    ["", " ", "-", ".", ":", "'", "’", ",", ";", "_", "(", "x", "3", "\n", "/", "…"]
)


@given(
    st.sampled_from(AWKWARD),
    st.sampled_from(list(STYLES.values())),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, True, False]),
    st.data(),
)
def test_only_what_the_manual_names_is_missed(
    text: str, style: Style, whole_word: bool | None, case: bool | None, data: st.DataObject
) -> None:
    keyword = replace(Keyword(text), whole_word=whole_word, case=case)
    form = data.draw(st.sampled_from([*read(keyword, style).spellings, text.upper(), text.title()]))
    before, behind = data.draw(AROUND), data.draw(AROUND)
    abstract = f"Zq{before}{form}{behind}zq one"
    assume(matches(keyword, style, abstract))
    topic = Topic("t", (Group("g", "F08080", (keyword,)),))
    query = scope_query("topics", [topic], lambda word: read(word, style).spellings)
    if not query:  # arXiv's index has nothing of it, so that all of arXiv is asked for
        assert not tokens(text)
        return
    found = ARXIV.matches(query, invented("2603.00001", START, abstract=abstract))
    assert found or is_within_a_longer_word(form, before, behind)


def is_within_a_longer_word(form: str, before: str, behind: str) -> bool:
    """Whether arXiv's index has the keyword only as a part of a word, such as `zq:bias`."""
    around = tokens(f"Zq{before}{form}{behind}zq one")
    return around != [*tokens("Zq"), *tokens(form), *tokens("zq one")]
