"""The letters about a response: the copy of what was sent, the withdrawal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.kinds.question import say
from consultation.questionnaires.path import Path
from consultation.responses.checking import said, title
from consultation.web.typography import NBSP, moment_fr, spaced


def subject(consultation: Mapping[str, str]) -> str:
    """Return the subject of the message; ``consultation`` is its title by language."""
    return spaced(f"Votre contribution est envoyée : {say(consultation)}")


def text(
    *,
    consultation: Mapping[str, str],
    receipt: str,
    number: int,
    submitted_at: datetime,
    closes_at: datetime,
    address: str,
    answers: str,
    signature: str = "",
) -> str:
    """Return the message: the receipt, what can still be done, and the copy of the answers.

    ``signature`` says who signed, and for which organisation; nothing for one's own answer.
    """
    signed = f"{signature}\n" if signature else ""
    replaced = "Cet envoi remplace le précédent.\n" if number > 1 else ""
    return (
        spaced(
            f"Bonjour,\n\n"
            f"Votre contribution à la consultation « {say(consultation)} » a été reçue le "
            f"{moment_fr(submitted_at)} (heure de Paris).\n{signed}{replaced}\n"
            f"Votre reçu : {receipt}\n\n"
            f"Vous pouvez la modifier jusqu’au {moment_fr(closes_at)} (heure de Paris) :\n"
            f"{address}\n"
            f"Chaque nouvel envoi remplace le précédent et donne un nouveau reçu.\n\n"
            f"Voici la copie de vos réponses.\n"
        )
        + f"\n{answers}\n"
    )


def withdrawal_subject(consultation: Mapping[str, str]) -> str:
    """Return the subject of the letter that confirms a withdrawal."""
    return spaced(f"Votre contribution est retirée : {say(consultation)}")


def withdrawal(
    *,
    consultation: Mapping[str, str],
    receipt: str,
    number: int,
    withdrawn_at: datetime,
    closes_at: datetime,
    address: str,
    done: str = "Vous avez retiré votre contribution",
    again: str = "Vous pouvez les envoyer à nouveau",
) -> str:
    """Return the letter that confirms a withdrawal: what it does, and what it does not.

    ``done`` says who took what back, ``again`` who may send it again.
    """
    text = (
        f"Bonjour,\n\n"
        f"{done} à la consultation « {say(consultation)} » le "
        f"{moment_fr(withdrawn_at)} (heure de Paris). Elle n’est plus comptée.\n\n"
        f"Envoi retiré : n° {number}, reçu {receipt}\n\n"
        f"Cet envoi reste lisible dans votre historique, et son reçu reste vérifiable. Un fichier "
        f"exporté avant le retrait peut encore le contenir.\n\n"
        f"Vos réponses sont gardées en brouillon. {again} jusqu’au "
        f"{moment_fr(closes_at)} (heure de Paris) :\n{{address}}\n"
    )
    return spaced(text).replace("{address}", address)


def signature(name: str, organisation: str, siren: str | None) -> str:
    """Say who signed, and for which organisation."""
    return spaced(f"Signée par {name} au nom de {organisation}{siren_fr(siren)}.")


def siren_fr(siren: str | None) -> str:
    """Write a SIREN between brackets, three figures at a time; nothing when there is none."""
    if not siren:
        return ""
    return f" (SIREN{NBSP}{NBSP.join(siren[place : place + 3] for place in (0, 3, 6))})"


def copy(version: CompiledVersion, path: Path, answers: Mapping[str, Any], today: date) -> str:
    """Return the answers sent, in French, section by section."""
    sections = []
    for section in version.sections:
        questions = [
            _question(version, item, path, answers, today)
            for item in section.items
            if item.key in answers
        ]
        if questions:
            heading = f"{section.number}. {spaced(say(section.section.title))}".upper()
            sections.append("\n\n".join([heading, *questions]))
    return "\n\n".join(sections)


def _question(
    version: CompiledVersion, item: Item, path: Path, answers: Mapping[str, Any], today: date
) -> str:
    lines = said(item, answers, path, today, "fr")
    return "\n".join([title(version, item, path, today), *(f"  {line}" for line in lines)])
