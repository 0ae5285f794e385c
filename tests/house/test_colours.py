"""The colours of the stylesheet can be read in both themes, by everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLESHEET = Path(__file__).resolve().parents[2] / "static" / "consultation.css"
SOFT = ("blue-soft", "green-soft", "ochre-soft", "error-soft")
PAIRS = [
    *(("ink", ground, 7) for ground in ("paper", "surface", "sunken", *SOFT)),
    *(("muted", ground, 4.5) for ground in ("paper", "surface", "sunken")),
    *(("action", ground, 4.5) for ground in ("paper", "surface", "sunken", "blue-soft")),
    *(("error", ground, 4.5) for ground in ("paper", "surface", "error-soft")),
    *(("green", ground, 4.5) for ground in ("surface", "green-soft")),
    *(("ochre", ground, 4.5) for ground in ("surface", "ochre-soft")),
    *(("control", ground, 3) for ground in ("paper", "surface")),
    ("action-hover", "surface", 7),
    ("on-action", "action", 4.5),
    ("on-action", "action-hover", 4.5),
    ("surface", "error", 4.5),
    ("on-brand", "brand", 7),
    ("on-brand-muted", "brand", 4.5),
    ("focus-ink", "focus", 7),
    ("focus", "brand", 3),
    *((f"s{step}", "s-lo", 4.5) for step in (1, 2, 3)),
    *((f"s{step}", "s-hi", 4.5) for step in (5, 6)),
    ("s4", "s4-ink", 4.5),
    *((f"c{series}", "surface", 3) for series in range(1, 6)),
]
"""Colour, ground, and the least ratio between them (WCAG 1.4.3, 1.4.6 and 1.4.11)."""


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of ``theme``, by name."""
    source = STYLESHEET.read_text(encoding="utf-8").partition("@layer base {")[0]
    light, dark = source.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", light))
    return found | dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", dark if theme == "dark" else "")
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(theme: str) -> None:
    colours = tokens(theme)
    weak = [
        f"{text} on {ground}: {ratio(colours[text], colours[ground]):.2f}, {least} needed"
        for text, ground, least in PAIRS
        if ratio(colours[text], colours[ground]) < least
    ]
    assert weak == []


def test_the_ratio_is_that_of_the_norm() -> None:
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def ratio(one: str, other: str) -> float:
    """Return the contrast between two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (_linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
