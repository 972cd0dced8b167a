"""Plots as SVG within a page, drawn by pygal when the site is made.

Colours, fonts and lines come from the page's own style sheet, for both themes: what pygal has of
its own, styles and scripts, a page with a strict policy would refuse.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

from markupsafe import Markup

from digest.outlets.site.extra import needed
from digest.outlets.site.text import possible

_SVG = "{http://www.w3.org/2000/svg}"
#: The size in the plot's own units; a page draws it as wide as there is room.
_WIDTH = 420
_LABELS = 6
_STEPS = 5
_DROPPED = {"defs", "title", "desc", "style", "script"}
#: What pygal's scripts would fill in.
_OVERLAYS = {"plot overlay", "plot text-overlay", "plot tooltip-overlay", "titles", "x-guides"}
_KEPT = {"viewBox", "transform", "class", "x", "y", "width", "height", "d", "cx", "cy", "r"}


def bars(name: str, values: Sequence[tuple[str, int]], look: str = "") -> Markup:
    """A bar for each pair of label and number; `look` is a CSS class."""
    every = max(1, len(values) // _LABELS)
    chart = _chart(
        "Bar",
        height=190,
        x_labels=[label for label, _ in values],
        x_labels_major_every=every,
        show_minor_x_labels=False,
        spacing=4,
        margin=4,
        y_labels=steps(max([number for _, number in values] or [0])),
        formatter=lambda number: f"{number:.0f}",
    )
    chart.add("", [number for _, number in values])
    return _drawn(chart, name, f"plot {look}")


def dots(
    name: str, words: Sequence[str], rows: Sequence[tuple[str, Sequence[int | None]]]
) -> Markup:
    """A table of dots: a row for each pair of a word and its numbers by the other words."""
    chart = _chart("Dot", height=340, x_labels=list(map(possible, words)), x_label_rotation=40)
    chart.config.margin = 4
    chart.config.margin_right = 40
    for word, numbers in rows:
        chart.add(possible(word), list(numbers))
    return _drawn(chart, name, "plot")


def steps(most: int) -> list[int]:
    """Numbers for an axis from 0 on, the last of them not below the largest value."""
    step = next(
        first * 10**power
        for power in range(len(str(most)) + 1)
        for first in (1, 2, 5)
        if first * 10**power * _STEPS >= most
    )
    return [step * number for number in range(max(1, -(-most // step)) + 1)]


@cache
def line(values: tuple[int, ...], look: str) -> Markup:
    """A small line without axes; what it shows has to be told beside it.

    Nothing for one value, which has no course.
    """
    if len(values) < 2:
        return Markup()
    chart = _chart("Line", show_dots=False)
    chart.add("", values)
    # So that a keyword with few papers is not drawn as one with many.
    drawn = chart.render_sparkline(
        width=160, height=42, range=(0, max(values, default=0) or 1), is_unicode=True, js=[]
    )
    return _cleaned(drawn, "", f"sparkline {look}")


def _chart(kind: str, **config: Any) -> Any:
    pygal = _import_pygal()
    return getattr(pygal, kind)(
        pygal.Config(
            js=[],
            css=[],
            width=_WIDTH,
            show_legend=False,
            disable_xml_declaration=True,
            no_prefix=True,
            no_data_text="",
            truncate_label=-1,
            **config,
        )
    )


def _import_pygal() -> Any:
    with needed():
        import pygal
    # pygal hangs an importer into Python, for maps, of a kind so old that Python warns of it.
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]
    return pygal


def _drawn(chart: Any, name: str, look: str) -> Markup:
    return _cleaned(chart.render(is_unicode=True), name, look)


def _cleaned(drawn: str, name: str, look: str) -> Markup:
    """The drawing without what has no place in a page; without a name, hidden from readers."""
    # pygal's own text, in which labels are escaped.
    svg = fromstring(drawn)  # noqa: S314
    _clean(svg)
    svg.set("class", f"{look} {_kind(svg)}")
    if name:
        svg.attrib |= {"role": "img", "aria-label": possible(name)}
    else:
        svg.attrib |= {"aria-hidden": "true", "preserveAspectRatio": "none"}
    text = tostring(svg, encoding="unicode").replace("ns0:", "").replace(":ns0", "")
    return Markup(text)  # noqa: S704 (elements and attributes of the list above)


def _kind(svg: Element) -> str:
    """Which kind of plot it is, in pygal's own words."""
    graph = svg.find(f"{_SVG}g")
    return "" if graph is None else graph.get("class", "").replace("graph ", "")


def _clean(element: Element) -> None:
    for name in set(element.attrib) - _KEPT:
        del element.attrib[name]
    for child in list(element):
        if child.tag.removeprefix(_SVG) in _DROPPED or child.get("class") in _OVERLAYS:
            element.remove(child)
        else:
            _clean(child)
