"""What a signatory is shown before signing, and where a signature stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consultation.consultations.rules import Refused
from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import say
from consultation.questionnaires.path import Path
from consultation.responses.checking import TYPED_KINDS, said
from consultation.responses.draft import Draft
from consultation.responses.reading import of
from consultation.web.typography import NBSP, spaced

NOTHING_NEW = (
    f"Rien n’a changé depuis la dernière signature{NBSP}: il n’y a rien de nouveau à signer."
)
NOTHING_YET = "Aucune partie n’est enregistrée. Remplissez la contribution avant la signature."


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer is not the one that was signed last, in words."""

    item: Item
    label: str
    before: Sequence[str]
    after: Sequence[str]

    @property
    def typed(self) -> bool:
        """Whether the lines hold words of a person."""
        other = any(option.other for option in self.item.resolved.options)
        return other or self.item.name in TYPED_KINDS


def changes(
    version: CompiledVersion,
    path: Path,
    signed: Mapping[str, Any],
    now: Mapping[str, Any],
    today: date,
    language: str,
) -> list[Change]:
    """Return the questions of ``version`` that ``signed`` and ``now`` do not answer alike."""
    found = []
    for item in version.items.values():
        if of(item, signed) != of(item, now):
            label = spaced(say(item.question.label, language))
            before = said(item, signed, path, today, language)
            found.append(Change(item, label, before, said(item, now, path, today, language)))
    return found


def dropped(version: CompiledVersion, signed: Mapping[str, Any]) -> int:
    """Return how many answers signed are to questions that the questionnaire no longer asks."""
    keys = {name.partition(".")[0] for name in signed}
    return len(keys - version.items.keys())


def moved_since(state: str, draft: Draft) -> list[str]:
    """Return the keys of the sections saved since the draft was in ``state``."""
    before = dict(part.rsplit("-", 1) for part in state.split(".") if "-" in part)
    return [key for key, saved in draft.sections.items() if before.get(key) != str(saved.revision)]


def pending(asked_at: datetime | None, signed_at: datetime | None) -> bool:
    """Tell whether a signature that was asked for is still awaited."""
    return asked_at is not None and (signed_at is None or signed_at < asked_at)


def check_asking(draft: Draft, changed: bool) -> None:
    """Raise :class:`Refused` when there is nothing to sign."""
    if not draft.sections:
        raise Refused("", NOTHING_YET)
    if not changed:
        raise Refused("", NOTHING_NEW)
