"""Long texts put together from sentence parts, in French, different for each respondent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from consultation.demo.resources import sheet

_HOLE = re.compile(r"\{(\w+)\}|\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who writes: the kind of actor, the industry, the region (codes) and the stance."""

    actor: str
    industry: str | None
    region: str
    stance: str


def answer(random: Random, name: str, voice: Voice) -> str:
    """Return a text for the question ``name``."""
    return compose(random, sheet("phrases")["texts"][name]["stages"], voice)


def compose(
    random: Random,
    stages: Sequence[Mapping[str, Any]],
    voice: Voice,
    used: set[str] | None = None,
) -> str:
    """Walk through ``stages`` of sentence parts; return one to six sentences.

    With ``used``, a sentence comes again only when all those of its stage have come.
    """
    slots = _slots(voice)
    sentences = []
    for stage in stages:
        if random.random() < stage.get("chance", 1):
            offered = stage.get(voice.stance) or stage.get("any") or ()
            chosen = _some(random, _fresh(offered, used), stage)
            if used is not None:
                used.update(chosen)
            sentences += [fill(random, text, slots) for text in chosen]
    return " ".join(sentences)


def _fresh(offered: Sequence[str], used: set[str] | None) -> Sequence[str]:
    if used is None:
        return offered
    if used.issuperset(offered):
        used.difference_update(offered)
    return [text for text in offered if text not in used]


def _some(random: Random, offered: Sequence[str], stage: Mapping[str, Any]) -> Sequence[str]:
    """Return one of the sentences offered, or as many as the stage takes at ``most``."""
    if "most" not in stage or len(offered) < 2:
        return (random.choice(offered),) if offered else ()
    return random.sample(offered, random.randint(1, min(stage["most"], len(offered))))


def rate(name: str) -> float:
    """Return the share of average respondents who answer the question ``name``."""
    return float(sheet("phrases")["texts"][name]["rate"])


def text_questions() -> tuple[str, ...]:
    """Return the keys of the questions that have sentence parts."""
    return tuple(sheet("phrases")["texts"])


def talkative(actor: str) -> float:
    """Return how much more than the average an ``actor`` writes."""
    return float(sheet("population")["actors"][actor]["texts"])


def other_industry(random: Random) -> str:
    """Return what follows « Autre »."""
    offered: list[str] = sheet("phrases")["other"]
    return random.choice(offered)


def fill(random: Random, text: str, slots: Mapping[str, str | list[str]]) -> str:
    """Replace ``{slot}`` by its value, or one of its values, and ``[a|b]`` by one of the parts."""
    return "".join(_filled(random, part, slots) for part in _parts(text))


@cache
def _parts(text: str) -> tuple[str | tuple[str, ...], ...]:
    """Split a sentence: plain text, or a tuple (one name after "", or the parts to choose from)."""
    parts: list[str | tuple[str, ...]] = []
    end = 0
    for hole in _HOLE.finditer(text):
        parts.append(text[end : hole.start()])
        parts.append(("", hole[1]) if hole[1] else tuple(hole[2].split("|")))
        end = hole.end()
    return (*parts, text[end:])


def _filled(
    random: Random, part: str | tuple[str, ...], slots: Mapping[str, str | list[str]]
) -> str:
    if isinstance(part, str):
        return part
    if part[0]:
        return random.choice(part)
    value = slots[part[1]]
    return value if isinstance(value, str) else random.choice(value)


def _slots(voice: Voice) -> dict[str, Any]:
    phrases = sheet("phrases")
    us = phrases["nous"][voice.actor]
    return {
        **phrases["slots"],
        "nous": us,
        "Nous": us[0].upper() + us[1:],
        "filiere": phrases["filiere"][voice.industry or "autre"],
        "ou": phrases["ou"][voice.region],
    }
