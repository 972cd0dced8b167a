"""Users may edit the template; what is wrong in it is named by template, line and variable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from digest.model import Badge, Digest, Entry
from digest.model.errors import TemplateError
from digest.writer.format.render import Renderer

DIGEST = Digest(
    date(2025, 11, 28),
    (Entry("A <b>", ("Ada A.",), date(2025, 11, 26), "http://x", (Badge("LLM", "FF8C00"),)),),
)


def render(template: str) -> bytes:
    return Renderer(template, "my.md.j2").render(DIGEST)


def test_a_template_of_ones_own_gets_ready_strings() -> None:
    template = "{% for paper in papers %}\n{{ day }} {{ paper.link_text }}\n{% endfor %}\n"
    assert render(template) == b"2025-11-28 A &#60;b>\n"


def test_line_ends_are_unix_and_text_is_utf_8() -> None:
    assert render("é\r\n{{ papers[0].abstract }}\r\n") == (
        "é\n![key](https://img.shields.io/badge/LLM-FF8C00)\n".encode()
    )


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("a\nb {{ dey }}", r"my\.md\.j2:2: 'dey' is undefined"),
        ("\n\n{% for p in papers %}\n{{ p.titel }}\n{% endfor %}", r"my\.md\.j2:4: .*'titel'"),
        ("{% for p in papers %}\n", r"my\.md\.j2:\d: Unexpected end of template"),
        ("a\n{{ day | shout }}", r"my\.md\.j2:2: No filter named 'shout'"),
        ("{{ day.__class__ }}", r"my\.md\.j2:1: .*'__class__'.*unsafe"),
        ("{% include 'other.j2' %}", r"my\.md\.j2:1: .*other\.j2"),
        ("a\n{{ 1 / 0 }}", r"my\.md\.j2:2: division by zero"),
        ("{% macro f() %}\n{{ x }}\n{% endmacro %}\n{{ f() }}", r"my\.md\.j2:2: 'x' is undefined"),
    ],
)
def test_a_template_error_names_template_line_and_cause(template: str, message: str) -> None:
    with pytest.raises(TemplateError, match=rf"cannot use the template: {message}") as caught:
        render(template)
    assert "digest init" in caught.value.hint


def test_a_byte_order_mark_of_a_template_is_not_in_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "my.md.j2"
    path.write_bytes(b"\xef\xbb\xbf# {{ day }}\n")
    assert Renderer.of(path).render(DIGEST) == b"# 2025-11-28\n"
