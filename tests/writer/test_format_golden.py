"""Whole invented digests, from papers and keywords to bytes.

`DIGEST_GOLDEN=write` in the environment writes the files of `tests/golden` anew.
"""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, date, datetime

import pytest
from composing import compose
from places import GOLDEN, TEMPLATE

from digest.matcher import Matcher
from digest.model import CLEAN, SOURCE, Group, Paper, Style, Topic, plain_keywords
from digest.writer.format.check import check
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)
TOPICS = [
    Topic(
        "efficient",
        (
            Group(
                "technique",
                "F08080",
                plain_keywords("cache", "low-bit", "overlap", "overlapping"),
            ),
            Group("background", "FF8C00", plain_keywords("LLM", "serving", "C++")),
        ),
        exclude=("spiking",),
    ),
    Topic(
        "birds",
        (Group("birds", "4682B4", plain_keywords("heron", "overlapping", "kingfisher")),),
    ),
]


def paper(number: int, hour: int, title: str, abstract: str, *authors: str) -> Paper:
    moment = datetime(2031, 5, 6, hour, 30, tzinfo=UTC)
    url = f"http://arxiv.org/abs/3105.{number:05d}v1"
    return Paper(f"3105.{number:05d}", 1, url, title, abstract, authors, ("cs.DC",), moment, moment)


ORDINARY = [
    paper(101, 9, "Teapots: A Study of Warm Storage", "A cache for LLM teapots.", "Ida Poe"),
    paper(
        107,
        9,
        "Low-Bit Spoons",
        "We stir with low-bit spoons, observing a 2.5$\\times$ gain.\n  Code is in C++, with"
        " overlapping ladles.",
        "Uma Reed",
        "Ole Moss",
    ),
    paper(90, 17, "How Many Herons?", "One heron, overlapping two herons.", "Bo Lake"),
    paper(91, 18, "Sleeping Spoons", "A cache of spiking LLM spoons.", "Not Kept"),
    paper(92, 19, "Only a Cache", "A cache and nothing else.", "Not Kept"),
]
HOSTILE = [
    paper(
        1,
        8,
        "[Re] ``Quoted'' <b> (unclosed #",
        "## Not a heading: cache\n>Authors: Nobody, No One\n\n```\nLLM\n===\n- # LLM\n<!-- cache",
        "Kim Fern, Jr.",
        "<!-- Lee",
    ),
    paper(2, 8, "Twins", "![key](https://img.shields.io/badge/LLM-FF8C00) cache\tLLM &#35; \\LLM"),
    paper(3, 8, "Twins", "`cache` and `LLM cache` and $a<b$, * not _ touched\n* item 1", "שרה 𝒳"),
    paper(4, 8, "Twins", "A kingfisher\u2028dives.\r", "A\nB"),
]
#: What Markdown or HTML might take for something, and which does no harm.
HARMLESS = [
    paper(301, 20, "Tea Cups", "An LLM's ``semantic sugar.'' and ``cache'' of it.", "Ida Poe"),
    paper(
        302,
        19,
        "Pots",
        "The LLM cache is at [https://tea.example/a](https://tea.example/a).\n"
        "  See <https://tea.example/LLM> and [the LLM](https://tea.example/b_(c)).",
    ),
    paper(303, 18, "Waiting for [EOS] on [a] Tray", "An LLM cache with [EOS] and [0, 1)."),
    paper(304, 17, "From <Answer> to <Think>", "An LLM cache of <Answer> and </Answer> <|x|>."),
    paper(305, 16, r"#$\bf{D^3}$QE: R$^\varepsilon$-Tea", r"An LLM cache of $\bf{D}$, \emph{x}."),
    paper(
        306,
        15,
        r"``Lost'' [EOS] of <Think>: the $\bf{D^3}$ [[Re] `x`]",
        "``An LLM's <Answer> [EOS]'' is a `cache` of\n"
        r"  [https://tea.example/LLM](https://tea.example/LLM) and $a<b$, \& `<Think>`.",
    ),
]
CLEAN_PAPERS = [
    paper(
        201,
        9,
        "Ladles: Serving Soup",
        "Low bit ladles, caches and caching for LLMs. Ask cache@soup.example, see\n"
        "  https://soup.example/LLM-cache, and note that $cache<LLM$ and precaching are no hits.",
        "Ida Poe",
    ),
    paper(202, 9, "Ladles: Serving Soup", "A [cache] of ![LLM](x) and `LLM`; LLM_s, \\LLM."),
    paper(203, 8, "A C++ Cache: [Re] <b>", "![LLM](https://img.shields.io/badge/LLM-FF8C00) heron"),
    dataclasses.replace(
        paper(204, 7, "Herons", "Herons *overlap*:\nno heron's."), id="q-bio/0703001"
    ),
]
#: The papers and the style of each file.
DIGESTS: dict[str, tuple[list[Paper], Style]] = {
    "ordinary": (ORDINARY, SOURCE),
    "hostile": (HOSTILE, SOURCE),
    "harmless": (HARMLESS, SOURCE),
    "quiet": ([], SOURCE),
    "clean": (CLEAN_PAPERS, CLEAN),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_is_its_golden_file(name: str) -> None:
    papers, style = DIGESTS[name]
    matcher = Matcher(TOPICS, style)
    kept = [(paper, match) for paper in papers if (match := matcher.match(paper))]
    data = RENDERER.render(compose(date(2031, 5, 7), kept, style))
    path = GOLDEN / f"{name}.md"
    if os.environ.get("DIGEST_GOLDEN") == "write":
        path.write_bytes(data)
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", DIGESTS)
def test_a_golden_file_passes_the_check(name: str) -> None:
    assert check((GOLDEN / f"{name}.md").read_bytes(), RENDERER) is None


def test_no_golden_file_is_unused() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(f"{n}.md" for n in DIGESTS)
