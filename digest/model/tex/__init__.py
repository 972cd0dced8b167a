r"""arXiv's texts as they are meant: TeX that is text becomes what TeX would show.

`pieces` reads a title, an abstract or a comment once and gives what is to be shown, with the place
of the source that each piece is from. Every outlet has its own rendering of pieces; the plain one
is here. Known are

    signs       `\%`, `\&`, `~`, `--`, quotes, accents (`Erd\H{o}s`), commands of symbols
    fonts       `\textbf{M}ulti`, `\emph{…}`, `{\bf x}`, `\texttt{x}`, code between backquotes
    links       `\url{…}`, `\href{…}{…}`, addresses of the web, DOIs and arXiv ids as they are;
                a full stop behind one is not a part of it
    formulas    as `digest.model.mathematics` finds them, and `\begin{equation}`; commands of
                mathematics outside of dollars as Unicode
    layout      paragraphs, lists, `\\`

What is not known, such as an author's own command, stays as it is.
"""

from digest.model.tex.marked import Part, parts, shortened
from digest.model.tex.pieces import Kind, Look, Piece
from digest.model.tex.reading import pieces, plain, readable, shown_formula

__all__ = [
    "Kind",
    "Look",
    "Part",
    "Piece",
    "parts",
    "pieces",
    "plain",
    "readable",
    "shortened",
    "shown_formula",
]
