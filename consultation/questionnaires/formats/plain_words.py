"""Labels written in HTML by other tools, as plain text."""

from __future__ import annotations

import html
import re

_DROPPED = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(br|/p|/div|/li|/h[1-6]|/tr|hr)\b[^>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^>]*?href\s*=\s*[\"']?(https?://[^\"'\s>]+)[^>]*>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]")
_SPACES = re.compile(r"[ \t\xa0\r]+")
VISIBLE_LOSS = re.compile(
    r"<\s*(img|video|audio|iframe|object|embed|table|script)\b", re.IGNORECASE
)


def plain(source: str | None) -> str:
    """Return the text of ``source``: entities resolved, links in brackets, paragraphs as lines."""
    if not source:
        return ""
    text = _DROPPED.sub(" ", source)
    text = _LINK.sub(_written_link, text)
    text = _ITEM.sub("\n– ", _BREAK.sub("\n", text))
    text = html.unescape(_TAG.sub("", text))
    lines = [_SPACES.sub(_one_space, line).strip() for line in _UNSEEN.sub("", text).split("\n")]
    return "\n".join(line for line in lines if line)


def _one_space(match: re.Match[str]) -> str:
    """Keep a no-break space that stands alone: it is typography, not layout."""
    return "\xa0" if match.group() == "\xa0" else " "


def one_line(source: str | None) -> str:
    """Return the text of ``source`` on one line."""
    return " ".join(plain(source).split("\n"))


def _written_link(match: re.Match[str]) -> str:
    address, words = match.group(1), _TAG.sub("", match.group(2)).strip()
    return address if not words or words == address else f"{words} ({address})"


def lost(source: str | None) -> list[str]:
    """Return the names of the elements whose content is lost when ``source`` becomes text."""
    return sorted({name.lower() for name in VISIBLE_LOSS.findall(source or "")})
