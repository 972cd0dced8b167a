"""The digest as bytes, through a Jinja2 template that users may edit."""

from __future__ import annotations

import traceback
from pathlib import Path

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from digest.model import Digest
from digest.model.errors import TemplateError
from digest.writer.format.view import view

_HINT = "mend the template, or copy the original one from a new workspace (`digest init`)"


class Renderer:
    """A template, compiled once. `template` is its text, `name` what messages call it.

    Raises TemplateError if it is no Jinja2 template.
    """

    def __init__(self, template: str, name: str = "templates/digest.md.j2") -> None:
        self._name = name
        environment = SandboxedEnvironment(
            loader=jinja2.FunctionLoader({name: (template, name, None)}.get),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        try:
            self._template = environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise self._failure(error.lineno, error) from error

    @classmethod
    def of(cls, path: Path) -> Renderer:
        """The template in a file, without the byte order mark of an editor.

        Raises TemplateError also if it cannot be read.
        """
        try:
            return cls(path.read_text(encoding="utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(
                f"the template cannot be read: {path}: {error}",
                hint="`digest init` in an empty folder makes a template to copy",
            ) from error

    def render(self, digest: Digest) -> bytes:
        """The digest file: UTF-8 with `\\n` line ends. Raises TemplateError."""
        try:
            return self._template.render(view(digest)).encode()
        except Exception as error:  # a template is a program of its user's: anything may happen
            raise self._failure(self._line_of(error), error) from error

    def _line_of(self, error: Exception) -> int | None:
        """The last line of the template on the way to the error."""
        frames = traceback.extract_tb(error.__traceback__)
        return next((f.lineno for f in reversed(frames) if f.filename == self._name), None)

    def _failure(self, line: int | None, error: Exception) -> TemplateError:
        place = self._name if line is None else f"{self._name}:{line}"
        return TemplateError(f"cannot use the template: {place}: {error}", hint=_HINT)
