"""What is sent: mail read back by other libraries, chat within its limits, and nothing alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from unicodedata import category, normalize
from xml.etree.ElementTree import Element

import html5lib
import mailparser
import pytest
from hostile import abstracts, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.matcher import Match
from digest.model import SOURCE, Badge, Marked, Paper, Period
from digest.model.tex import pieces, readable
from digest.model.tex import plain as shows
from digest.outlets.colours import contrast, on
from digest.outlets.mail.chat import chat, tame
from digest.outlets.mail.mail import Letterhead, mails
from digest.outlets.mail.text import plain_text
from digest.outlets.post.fitting import fitted
from digest.outlets.post.letters import Chat
from digest.writer.editions import Edition, Shown
from digest.writer.format.badges import plain
from digest.writer.format.entries import entry_of

DAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
SITE = "https://papers.example.org/digests/"
PAGE = "https://papers.example.org/digests/day/2026-03-10.html"
HEAD = Letterhead("digest@example.org", SITE, "/papers/.archive.sqlite3")

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<b onclick=alert(1)>bold",
    "[a](javascript:alert(1)) javascript:alert(1)",
    "</p></div></body></html><h1>mine</h1>",
    "<!-- open <style>*{display:none}</style><title>",
    "\u202egnisrever \u2067 \u200f left \u202a",
    "x" * 10_000,
    "&lt;i&gt; &amp; &#60;u&#62; {{ 7 * 7 }} {% raw %}",
    "=3D=\n.\n..\nFrom me\nSubject: mine\n\n--=====",
)


def shown(
    number: int,
    title: str,
    authors: tuple[str, ...],
    abstract: Marked,
    followed: tuple[Badge, ...] = (),
) -> Shown:
    paper = Paper(
        id=f"2603.{number:05d}",
        version=2,
        url="http://arxiv.org/abs/hostile",
        title=title,
        abstract=plain(abstract),
        authors=authors,
        categories=("cs.LG", "cs.CL"),
        published=datetime(2026, 3, 9, 12, tzinfo=UTC),
        updated=datetime(2026, 3, 9, 12, tzinfo=UTC),
    )
    match = Match(("topic",), abstract, followed)
    return Shown(paper, match, entry_of(paper, match, SOURCE))


def edition(*papers: Shown, state: str = "complete") -> Edition:
    return Edition(Period.of(DAY), SOURCE, papers, state)


def mail_of(what: Edition, address: str = "ana@example.org", head: Letterhead = HEAD) -> str:
    return mails(what, head, {"ana": address}, NOW)["ana"].message


def without_controls(text: str) -> str:
    """As a reader gets it: mail has no place for control characters; mail-parser composes."""
    plain = "".join(
        "\ufffd" if category(one) == "Cc" and one not in "\n\t" else one for one in text
    )
    return normalize("NFC", plain)


def words(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


class Read:
    """A mail as other libraries read it."""

    def __init__(self, message: str) -> None:
        mail = mailparser.parse_from_string(message)
        self.subject: str = mail.subject
        (self.text,) = (part.replace("\r\n", "\n") for part in mail.text_plain)
        (self.html,) = mail.text_html
        assert not mail.attachments
        self.page: Element = html5lib.parse(self.html, namespaceHTMLElements=False)

    def papers(self) -> Iterator[tuple[str, str, str]]:
        """Title, authors and abstract of each paper of the HTML part."""
        for paper in self.page.iterfind(".//div[@class='paper']"):
            heading = paper.find("h2")
            assert heading is not None
            found = [
                heading,
                *(paper.find(f"p[@class='{name}']") for name in ("authors", "abstract")),
            ]
            title, authors, abstract = ("".join(one.itertext()) for one in found if one is not None)
            yield title, authors, folded(abstract)

    def blocks(self) -> list[str]:
        """The papers of the plain text: each begins with its number in the first column."""
        return re.split(r"(?m)^(?=\d+\. )", self.text)[1:]


papers = st.lists(
    st.tuples(texts, st.lists(texts, max_size=3).map(tuple), abstracts), min_size=1, max_size=3
)


def as_read(papers: list[tuple[str, tuple[str, ...], Marked]]) -> list[tuple[str, str, str]]:
    return [
        (
            words(without_controls(readable(title))) or f"2603.{number:05d}",
            ", ".join(filter(None, (words(without_controls(name)) for name in authors))),
            folded(without_controls("".join(map(shows, pieces(plain(abstract)))))),
        )
        for number, (title, authors, abstract) in enumerate(papers, 1)
    ]


def folded(text: str) -> str:
    """Without white space: paragraphs and items have lines of their own."""
    return "".join(text.split())


@settings(max_examples=60)
@given(papers)
def test_a_mail_is_read_back_as_the_papers_it_was_made_of(
    given: list[tuple[str, tuple[str, ...], Marked]],
) -> None:
    what = edition(*(shown(number, *paper) for number, paper in enumerate(given, 1)))
    read = Read(mail_of(what))
    expected = as_read(given)
    assert list(read.papers()) == expected
    assert [folded(block) for block in read.blocks()] == [
        folded(
            words(
                *(f"{number}.", title, authors, "2026-03-09, cs.LG, cs.CL"),
                *(f"https://arxiv.org/abs/2603.{number:05d}v2", abstract),
            )
        )
        for number, (title, authors, abstract) in enumerate(expected, 1)
    ]


TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "a", "span", "bdi"),
    *("ol", "li", "br"),
}
ATTRIBUTES = {*("lang", "charset", "name", "content", "class", "style", "dir", "href", "id")}


def test_hostile_texts_are_texts_and_nothing_in_a_mail_is_alive_or_remote() -> None:
    mark = Badge('"><script>', "F08080")
    what = edition(
        *(shown(number, text, (text,), (text, mark)) for number, text in enumerate(HOSTILE, 1))
    )
    read = Read(mail_of(what))
    assert [title for title, _, _ in read.papers()] == [readable(text) for text in HOSTILE]
    assert [text for _, _, text in read.papers()] == [
        folded(readable(text) + mark.text) for text in HOSTILE
    ]
    elements = list(read.page.iter())
    assert {one.tag for one in elements} == TAGS
    assert {name for one in elements for name in one.keys()} <= ATTRIBUTES  # noqa: SIM118
    links = [one.get("href", "") for one in elements if one.tag == "a"]
    assert links[0] == PAGE
    assert links[1 : len(HOSTILE) + 1] == [f"#p{number}" for number in range(1, len(HOSTILE) + 1)]
    assert all(
        re.fullmatch(r"https://arxiv\.org/(abs|pdf)/2603\.\d{5}v2", one)
        for one in links[len(HOSTILE) + 1 :]
    )
    assert len(links) == 1 + 3 * len(HOSTILE)
    assert "url(" not in read.html.partition("</head>")[0]
    assert all("url(" not in one.get("style", "") for one in elements)
    assert [one for one in read.html if category(one) == "Cc"].count("\n") > 10


def test_a_mail_of_seventy_papers_is_short_enough_to_be_shown_whole() -> None:
    text = (
        "We serve \\emph{many} models at $x_i \\in \\mathbb{R}$ with a cache, see the figure. " * 22
    )
    half = len(text) // 2
    papers = [
        shown(
            n,
            f"Models that are served: number {n} of many",
            ("Ana Reed",) * 9,
            (text[:half], Badge("LLM", "FF8C00"), text[half:]),
        )
        for n in range(1, 71)
    ]
    read = Read(mail_of(edition(*papers)))
    assert len(read.html.encode()) < 100_000
    assert [title for title, _, _ in read.papers()] == [one.paper.title for one in papers]
    contents = [words(*one.itertext()) for one in read.page.iterfind(".//ol/li")]
    assert contents == [one.paper.title for one in papers]
    assert all(len(text) > 150 for _, _, text in read.papers())
    assert all(text.endswith("…alloftheabstract") for _, _, text in read.papers())
    assert len(read.blocks()) == 70


def test_a_mail_of_huge_papers_still_has_every_title() -> None:
    names = tuple(f"Given{n} Family" for n in range(3000))
    papers = [shown(n, f"Title {n}", names, ("x" * 50_000,)) for n in range(1, 71)]
    read = Read(mail_of(edition(*papers)))
    assert len(read.html.encode()) < 100_000
    assert [title for title, _, _ in read.papers()] == [one.paper.title for one in papers]
    assert all(authors.endswith(" and 2992 more") for _, authors, _ in read.papers())


def test_a_formula_in_a_mail_is_unicode_without_a_badge() -> None:
    marked = ("A model of $x_", Badge("LLM", "FF8C00"), "$ and ", Badge("LLM", "FF8C00"), ".")
    html = Read(mail_of(edition(shown(1, "The $x^2$ law", (), marked)))).html
    assert html.count("LLM</span>") == 1
    assert "A model of x_LLM and <span" in html
    assert "The x² law" in html


def test_a_mail_says_what_arxiv_says_besides_and_that_a_paper_is_withdrawn() -> None:
    one = shown(1, "A title: two", (), ("Text.",))
    paper = replace(
        one.paper,
        comment="Withdrawn by the authors; see https://a.example/x.",
        journal_ref="J. Invented Res. 1",
        doi="10.1234/abc",
    )
    read = Read(mail_of(edition(replace(one, paper=paper))))
    assert [title for title, _, _ in read.papers()] == ["A title: two (withdrawn)"]
    shows = "".join(read.page.itertext())
    for note in (paper.comment, paper.journal_ref, f"doi:{paper.doi}"):
        assert str(note) in shows and str(note) in words(read.text)
    links = [one.get("href") for one in read.page.iter("a")]
    assert "https://a.example/x" in links and "https://doi.org/10.1234/abc" in links


def test_a_change_of_direction_ends_with_the_text_that_has_it() -> None:
    what = edition(shown(1, "\u202eone", ("\u2067two",), ("\u202ethree",)))
    read = Read(mail_of(what))
    turning = [
        one for one in read.page.iter() if re.search("[\u202a-\u202e\u2066-\u2069]", one.text or "")
    ]
    blocks = {one for one in read.page.iter() if one.get("dir") == "auto"}
    assert len(turning) == 3
    assert all(any(one in block.iter() for block in blocks) for one in turning)
    for line in read.text.splitlines():
        assert not ("\u202e" in line and "https://" in line)


def test_the_plain_text_is_readable_at_72_columns_and_only_its_own_words_begin_a_line() -> None:
    long = "A title that is so long that it does not fit into one line of a mail, as titles may be"
    text = "Words, and more words, until there is more than one line of them.\n  1. Mine\n2. Mine"
    what = edition(shown(1, long, ("A. Nobody",) * 20, (text,)), shown(2, long, (), (text,)))
    lines = plain_text(what, SITE).splitlines()
    assert max(map(len, lines)) <= 72
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "arXiv digest 2026-03-10: 2 papers",
        PAGE,
        *(line for line in lines if line.startswith(("1.  A title", "2.  A title"))),
    ]


def test_a_mail_is_seven_bit_and_says_who_what_and_when() -> None:
    message = mail_of(edition(shown(1, "Größe 量 🙂", ("É",), ("ü",))))
    head = mailparser.parse_from_string(message)
    assert message.isascii()
    assert max(map(len, message.splitlines())) <= 998
    assert head.subject == "arXiv digest 2026-03-10: 1 paper"
    assert head.from_ == [("arxiv-daily-digest", "digest@example.org")]
    assert head.to == [("", "ana@example.org")]
    assert head.date == NOW
    assert head.headers["Auto-Submitted"] == "auto-generated"


def message_id(message: str) -> str:
    found: str = mailparser.parse_from_string(message).message_id
    return found


def test_what_is_sent_twice_has_one_message_id_and_everything_else_another() -> None:
    one = edition(shown(1, "A", (), ("a",)))
    more = edition(shown(1, "A", (), ("a",)), shown(2, "B", (), ("b",)))
    assert message_id(mail_of(one)) == message_id(mail_of(more))
    assert "ana" not in message_id(mail_of(one))
    others = [
        mail_of(one, "bob@example.org"),
        mail_of(one, head=Letterhead(HEAD.sender, SITE, "/other/.archive.sqlite3")),
        mail_of(Edition(Period.of(date(2026, 3, 11)), SOURCE, one.shown, "complete")),
    ]
    assert len({message_id(message) for message in (mail_of(one), *others)}) == 4


def test_a_partial_digest_says_so() -> None:
    what = edition(shown(1, "A", (), ("a",)), state="partial")
    read = Read(mail_of(what))
    note = "This day was not complete yet; papers may join it later."
    assert note in words(read.text)
    assert note in "".join(read.page.itertext())
    assert note in fitted(chat(what, SITE, ""), 0)


@given(st.text("0123456789abcdefABCDEF", min_size=6, max_size=6))
def test_a_badge_can_be_read_whatever_its_colour(color: str) -> None:
    assert contrast(bytes.fromhex(color), bytes.fromhex(on(color)[1:])) >= 4.5


@pytest.mark.parametrize(  # from WCAG's own examples of a minimum contrast on white
    ("color", "expected"), [("000000", 21), ("ffffff", 1), ("767676", 4.54), ("959595", 2.99)]
)
def test_contrast_is_that_of_the_standard(color: str, expected: float) -> None:
    assert contrast(bytes.fromhex(color), (255, 255, 255)) == pytest.approx(expected, abs=0.01)


# Chat.


def many(number: int, title: str = "A title") -> Edition:
    return edition(
        *(shown(one, f"{title} {one}", ("A", "B"), ("a",)) for one in range(1, number + 1))
    )


def test_a_chat_gets_titles_authors_and_links_and_then_the_page() -> None:
    long = shown(2, "Two:  more", ("A", "B", "C", "D"), ("b",))
    what = edition(shown(1, "One", ("A", "B"), ("a",)), long)
    assert fitted(chat(what, SITE, ""), 0) == (
        "One\nA, B\nhttps://arxiv.org/abs/2603.00001v2\n\n"
        "Two: more\nA et al.\nhttps://arxiv.org/abs/2603.00002v2\n\n" + PAGE
    )
    assert "papers.example.org" not in fitted(chat(what, "", ""), 0)


@given(st.integers(1, 40), st.integers(150, 6000), st.sampled_from(["A title", "<&>", "🙂" * 9]))
def test_a_long_digest_is_cut_between_papers_and_says_how_many_are_left(
    number: int, limit: int, title: str
) -> None:
    message = chat(many(number, title), SITE, "")
    body = fitted(message, limit)
    pieces = body.split("\n\n")
    kept = [piece for piece in pieces if piece in message.pieces]
    assert len(f"{message.title}\r\n{body}") <= limit
    assert kept == list(message.pieces[: len(kept)])
    if len(kept) < number:
        assert pieces == [*kept, f"… and {number - len(kept)} more: {PAGE}"]
    else:
        assert pieces == [*kept, PAGE]


def test_a_cut_leads_to_arxiv_where_there_are_no_pages() -> None:
    assert fitted(chat(many(30), "", ""), 100) == (
        "… and 30 more: https://arxiv.org/list/cs.LG/recent"
    )


def test_a_message_that_must_not_be_cut_is_left_to_the_service() -> None:
    assert fitted(Chat("", "info", "title", ("long " * 99,)), 10) == "long " * 99


@pytest.mark.parametrize(
    "text", ["@everyone look", "<!channel> <@U1> <#C1>", "[arXiv](https://evil.example)", "!here"]
)
def test_no_title_speaks_to_a_chat(text: str) -> None:
    tamed = tame(text)
    assert tamed.replace("\u2060", "") == text
    assert tame("\x1b[31m\n") == "\ufffd[31m"
    assert not re.search(r"@\w|<[!@#]|\]\(|!\w", tamed)


FOLLOWED = (Badge("K. Ødegård", "6495ED"), Badge("<b>Li", "000000"))


def test_a_name_from_right_to_left_leaves_the_others_in_their_order() -> None:
    names = ("\u202eMara Quill", "\u05d3\u05df \u05db\u05d4\u05df", "Jan Fenn")
    mail = Read(mail_of(edition(shown(1, "A title", names, ("Text.",)))))
    (line,) = mail.page.iterfind(".//p[@class='authors']")
    assert [part.text for part in line] == [names[0], ", ", names[1], ", ", names[2]]
    assert {part.tag for part in line} == {"bdi"}


def test_followed_authors_stand_out_in_a_mail_and_are_named_in_a_chat() -> None:
    names = ("A. Nobody", "B. Noone", "K. Ødegård", "C. Nemo", "<b>Li")
    one = edition(shown(1, "A title", names, ("Text.",), FOLLOWED))
    mail = Read(mail_of(one))
    assert [authors for _, authors, _ in mail.papers()] == [", ".join(names)]
    (line,) = mail.page.iterfind(".//p[@class='authors']")
    badges = [(badge.text, badge.get("style", "")) for badge in line.iter("span")]
    assert [text for text, _ in badges] == ["K. Ødegård", "<b>Li"]
    assert [
        "background-color:#6495ED;color:#000000" in badges[0][1],
        "#ffffff" in badges[1][1],
    ] == [
        True,
        True,
    ]
    assert "A. Nobody, K. Ødegård, <\u2060b>Li et al." in chat(one, "", "").pieces[0]
