"""A draft as it stands: the answers of each section, and how often each was saved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from consultation.questionnaires.compiled import CompiledSection, CompiledVersion
from consultation.questionnaires.kinds.question import Answer


@dataclass(frozen=True, slots=True)
class SavedSection:
    """One section as it was saved last; ``revision`` counts its saves from 1."""

    answers: Mapping[str, Answer]
    revision: int
    saved_at: datetime
    saved_by: int | None


@dataclass(frozen=True, slots=True)
class Shared:
    """The organisation of a shared response, and the role of the co-author who reads it.

    ``merged_into``: the response that took it over, whose co-authors only read this one.
    """

    organisation_id: int
    name: str
    siren: str | None
    actor_type: str
    region_code: str | None
    role: str
    merged_into: int | None = None

    @property
    def signs(self) -> bool:
        """Whether the reader may sign and send."""
        return self.role == "signatory" and self.merged_into is None


@dataclass(frozen=True, slots=True)
class LastSent:
    """What was sent last for a response, counted or not.

    ``signed_by`` and ``signatory`` are who signed it for an organisation, if anybody did.
    """

    id: int
    number: int
    version_id: int
    answers: Mapping[str, Answer]
    receipt: str
    submitted_at: datetime
    signed_by: int | None
    signatory: str


@dataclass(frozen=True)
class Draft:
    """The whole draft of one response. ``sections`` holds those saved at least once, by key.

    ``user_id`` is who began it. ``shared`` is there for the response of an organisation, read by
    one of its co-authors. ``last`` is what was sent last, whatever became of it.
    """

    response_id: int
    user_id: int | None
    status: str
    version_id: int
    submission_id: int | None
    sections: Mapping[str, SavedSection] = field(default_factory=dict)
    shared: Shared | None = None
    last: LastSent | None = None

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """Every answer of every section, hidden ones included."""
        return {k: a for s in self.sections.values() for k, a in s.answers.items()}

    @cached_property
    def saved_at(self) -> datetime | None:
        """When any section was saved last."""
        return max((section.saved_at for section in self.sections.values()), default=None)

    @property
    def sent(self) -> bool:
        return self.status == "sent"

    @property
    def withdrawn(self) -> bool:
        """Whether what was sent was taken back, and nothing was sent since."""
        return self.status == "withdrawn"

    @property
    def mine_to_send(self) -> bool:
        """Whether the reader may send it, withdraw it or delete it: alone, or as a signatory."""
        return self.shared is None or self.shared.signs

    def revision(self, section: str) -> int:
        """Return how often ``section`` was saved; 0 when it never was."""
        saved = self.sections.get(section)
        return saved.revision if saved else 0

    def answers_of(self, section: CompiledSection) -> Mapping[str, Answer]:
        """Return the answers saved in ``section``, or those it proposes until it is saved."""
        saved = self.sections.get(section.section.key)
        return saved.answers if saved else proposed(section)

    def state(self) -> str:
        """Return a text that changes whenever a section is saved."""
        return ".".join(f"{key}-{s.revision}" for key, s in sorted(self.sections.items()))

    def completed(self, version: CompiledVersion) -> Draft:
        """Return the draft with what was sent last in the sections that have no row of their own.

        A response sent by a program has no draft, and is corrected from what was sent.
        """
        if self.last is None or self.status == "draft":
            return self
        sent, sent_at = self.last.answers, self.last.submitted_at
        found = dict(self.sections)
        for section in version.sections:
            keys = [k for item in section.items for k in (item.key, f"{item.key}.other")]
            answers = {key: sent[key] for key in keys if key in sent}
            if answers and section.section.key not in found:
                found[section.section.key] = SavedSection(answers, 0, sent_at, self.user_id)
        return replace(self, sections=found)

    def holding(
        self, section: str, answers: Mapping[str, Answer], revision: int, now: datetime, by: int
    ) -> Draft:
        """Return the draft as it is with ``answers`` just saved in ``section`` by a person."""
        saved = SavedSection(answers, revision, now, by)
        return replace(self, sections={**self.sections, section: saved})


def proposed(section: CompiledSection) -> dict[str, Answer]:
    """Return the answers that the questionnaire proposes before anything is saved."""
    return {i.key: i.question.default for i in section.items if i.question.default is not None}


def section_of(version: CompiledVersion, number: int) -> CompiledSection | None:
    """Return the section of that number, from 1."""
    return version.sections[number - 1] if 0 < number <= len(version.sections) else None
