"""The settings of each option or row as the page shows them: boxes, a condition. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consultation.authoring import conditions
from consultation.authoring.lists import pointed_at
from consultation.authoring.overview import Fault, Overview
from consultation.authoring.typed import Typed
from consultation.questionnaires.kinds.question import Option, say

FLAGS = (
    ("other", "Texte à préciser"),
    ("exclusive", "Seule réponse possible"),
    ("no_opinion", "Sans avis, hors des moyennes"),
)


@dataclass(frozen=True, slots=True)
class PartSettings:
    """One option or row: ``flags`` are its boxes (field, words, ticked); none for a row.

    ``error`` says why the condition cannot be read and ``mark`` points at the character;
    ``faults`` are those of a condition that can be read.
    """

    base: str
    label: str
    value: str
    flags: Sequence[tuple[str, str, bool]]
    source: str
    sentence: str
    error: str
    mark: str
    faults: Sequence[Fault]

    @property
    def is_wrong(self) -> bool:
        return bool(self.error or self.faults)


def settings_of(
    whole: Overview, name: str, parts: Sequence[Any], typed: Typed | None
) -> list[PartSettings]:
    """Return the settings of ``parts``, those of the field ``name``, as typed if they were."""
    return [_settings(whole, f"{name}/{part.value}", part, typed) for part in parts]


def _settings(whole: Overview, base: str, part: Any, typed: Typed | None) -> PartSettings:
    posted = typed if typed is not None and f"{base}/vu" in typed else None
    source = posted.text(f"{base}/relevant") if posted else part.relevant or ""
    error = conditions.unreadable(source)
    flags = FLAGS if isinstance(part, Option) else ()
    return PartSettings(
        base=base,
        label=say(part.label),
        value=part.value,
        flags=[
            (f"{base}/{flag}", words, f"{base}/{flag}" in posted if posted else getattr(part, flag))
            for flag, words in flags
        ],
        source=posted.raw(f"{base}/relevant") if posted else source,
        sentence=whole.sentence(source),
        error=error,
        mark=pointed_at(source) if error else "",
        faults=[] if error else whole.faults_in(base, source),
    )
