"""A submission or a draft, laid out for paper. Pure; nothing in it is markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from consultation.questionnaires.kinds.question import say
from consultation.responses.sent import Reading, ReadSection, Sent
from consultation.web.typography import moment_fr, spaced

OUTCOMES = {
    "counted": "comptée",
    "replaced": "remplacée par un envoi plus récent",
    "withdrawn": "retirée le {moment} (heure de Paris)",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What surrounds the answers. ``sent`` is ``None`` for a draft."""

    consultation: Mapping[str, str]
    organiser: str
    on_behalf: str
    printed_at: datetime
    sent: Sent | None


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """One question. ``listed``: its lines are separate answers, not paragraphs of one text."""

    label: str
    lang: str
    lines: Sequence[str]
    listed: bool


@dataclass(frozen=True, slots=True)
class PaperSection:
    """One section, with the questions that were asked."""

    title: str
    lang: str
    answers: Sequence[PaperAnswer]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document. ``warning`` is on every page of a draft."""

    title: str
    language: str
    heading: str
    consultation: str
    warning: str
    facts: Sequence[tuple[str, str]]
    empty: str
    sections: Sequence[PaperSection]

    def as_data(self) -> dict[str, Any]:
        """Return the document as JSON data, every text of it a plain string."""
        return asdict(self)


def paper(reading: Reading, facts: Facts) -> Paper:
    """Lay out ``reading``; the frame is in French, the questions in the language of the reading."""
    name = spaced(say(facts.consultation, "fr"))
    heading = f"Contribution, envoi n°\u00a0{facts.sent.number}" if facts.sent else "Brouillon"
    warning = "" if facts.sent else "Brouillon, non envoyé"
    return Paper(
        title=f"{warning or heading}\u00a0: {name}",
        language="fr",
        heading=warning or heading,
        consultation=name,
        warning=warning,
        facts=[(label, value) for label, value in _facts(facts) if value],
        empty="Sans réponse",
        sections=[_section(section, reading.language) for section in reading.sections],
    )


def _facts(facts: Facts) -> list[tuple[str, str]]:
    around = [("Organisée par", facts.organiser), ("Au nom de", facts.on_behalf)]
    sent = facts.sent
    if sent is None:
        printed = f"{moment_fr(facts.printed_at)} (heure de Paris)"
        return [*around, ("État", "non envoyée"), ("Copie faite le", printed)]
    withdrawn = moment_fr(sent.withdrawn_at) if sent.withdrawn_at else ""
    return [
        *around,
        ("Reçue le", f"{moment_fr(sent.submitted_at)} (heure de Paris)"),
        ("Signée par", sent.signatory),
        ("Numéro de reçu", sent.receipt),
        ("Contribution", OUTCOMES[sent.outcome].format(moment=withdrawn)),
    ]


def _section(found: ReadSection, language: str) -> PaperSection:
    texts = found.title
    spoken = language if texts.get(language) else "fr"
    return PaperSection(
        title=f"{found.number}. {spaced(say(texts, language))}",
        lang=spoken,
        answers=[
            PaperAnswer(f"{x.item.number}. {x.label}", x.lang, list(x.lines), x.listed)
            for x in found.lines
        ],
    )
