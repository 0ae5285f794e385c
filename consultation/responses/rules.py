"""When one may answer, which page comes next, and what a submission counts for. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.kinds.short_text import is_registered
from consultation.questionnaires.path import Path


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers, as known when they send. ``siren`` is that of their organisation.

    ``official``: the person signs for the organisation, whose only answer this is.
    """

    user_id: int | None
    organisation_id: int | None = None
    siren: str | None = None
    actor_type: str | None = None
    region: str | None = None
    official: bool = False

    @property
    def signs(self) -> int | None:
        """The number of the person who signs for an organisation; none for one's own answer."""
        return self.user_id if self.official else None

    @property
    def profile(self) -> dict[str, str | None]:
        """What a submission keeps of the respondent."""
        return {"actor_type": self.actor_type, "region": self.region}


def newly_shown(before: Path, after: Path, keys: Sequence[str]) -> list[str]:
    """Return the questions among ``keys`` that a save has just opened and that have no answer."""
    return [
        key
        for key in keys
        if key in after.shown and key not in before.shown and key not in after.answers
    ]


def next_number(version: CompiledVersion, path: Path, number: int) -> int | None:
    """Return the number of the next section that concerns the respondent, if there is one."""
    for section in version.sections[number:]:
        if any(item.key in path.shown for item in section.items):
            return section.number
    return None


def is_individual(
    version: CompiledVersion, answers: Mapping[str, Any], person: Respondent, today: date
) -> bool:
    """Tell whether a submission counts as that of a person who answers for no organisation."""
    if person.official:
        return False
    if version.individual is None:
        return person.organisation_id is None
    return evaluate(version.individual, answers, today) is True


def unit(
    version: CompiledVersion,
    answers: Mapping[str, Any],
    person: Respondent,
    individual: bool,
    secret: str,
) -> int:
    """Return what distinct units are counted on: a keyed hash of 63 bits.

    A person who answers for themselves is a unit; otherwise their organisation is, by the SIREN
    in their answers, else by that of their profile, else by the organisation itself. Whoever
    signs for an organisation is counted under its SIREN, whatever is typed in the answers.
    """
    named = f"user:{person.user_id}"
    siren = (person.official and person.siren) or siren_in(version, answers) or person.siren
    if not individual and siren:
        named = f"siren:{siren}"
    elif not individual and person.organisation_id is not None:
        named = f"organisation:{person.organisation_id}"
    digest = hmac.digest(secret.encode(), b"unit:" + named.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") >> 1


def siren_in(version: CompiledVersion, answers: Mapping[str, Any]) -> str | None:
    """Return the SIREN of the organisation named in ``answers``, when it is a valid one."""
    typed = answers.get(version.questionnaire.organisation or "")
    if not isinstance(typed, str):
        return None
    if len(typed) == 14 and is_registered("siret", typed):
        return typed[:9]
    return typed if len(typed) == 9 and is_registered("siren", typed) else None
