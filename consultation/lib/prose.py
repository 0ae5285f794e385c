"""Short texts with a little Markdown, made into safe HTML."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@cache
def _reader() -> MarkdownIt:
    # No HTML, no heading (the page has its own outline), no image (the page loads nothing).
    reader = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
        ["list", "emphasis", "link", "newline", "escape", "backticks"]
    )
    reader.validateLink = _is_followed  # type: ignore[method-assign]
    return reader


def _is_followed(url: str) -> bool:
    return url.lower().startswith(("https://", "http://", "mailto:", "/"))


def prose(text: str) -> Markup:
    """Return ``text`` as HTML: paragraphs, lists, emphasis and links, nothing else."""
    return Markup(_reader().render(text))  # noqa: S704 (the reader escapes all HTML)


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain ``text``, separated by one blank line or more."""
    blocks = ("\n".join(line.rstrip() for line in text.split("\n"))).split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]
