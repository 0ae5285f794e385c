"""The letters of moderation: subject and text, in French.

A decision against an author gives five things: what was decided, the facts, whether a machine took
part, the ground, and how to contest (article 17 of the Digital Services Act).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from consultation.comments.rules import GROUNDS
from consultation.moderation.rules import REASONS
from consultation.web.typography import NBSP, date_fr, moment_fr, spaced

_WHAT = {
    "returned": "Votre commentaire n’est pas publié en l’état : une modification est demandée.",
    "refused": "Votre commentaire est refusé : il n’est pas publié.",
    "removed": "Votre commentaire est retiré : il n’est plus publié.",
}
_CLOSING = "\nL’équipe de modération\n"


def quoted(text: str) -> str:
    """Return ``text`` as a letter quotes it."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def reasons(
    outcome: str,
    *,
    text: str,
    sent_at: datetime,
    title: str,
    grounds: Sequence[str],
    message: str,
    reported: bool,
    until: datetime,
    address: str,
    charter: str,
) -> tuple[str, str]:
    """The statement of reasons for a decision against the author."""
    named = "\n".join(f"- {GROUNDS[ground]}" for ground in grounds)
    origin = "à la suite d’un signalement" if reported else "lors de la relecture avant publication"
    said = f"\nMessage du modérateur :\n{message}\n" if message else ""
    body = f"""Bonjour,

1. La décision
{_WHAT[outcome]}

2. Les faits
Commentaire envoyé le {moment_fr(sent_at)} sur la consultation « {title} », examiné {origin} :

{quoted(text)}
{said}
3. Comment la décision a été prise
Elle a été prise par une personne. Aucun traitement automatisé n’a décidé.

4. Le motif
La charte de modération écarte :
{named}
La charte : {charter}

5. Vos recours
Vous pouvez modifier votre commentaire et le renvoyer, ou contester la décision gratuitement \
jusqu’au {date_fr(until)}. Un autre modérateur examine votre recours.
{address}

Vous pouvez aussi saisir le juge compétent.
{_CLOSING}"""
    subject = {
        "returned": "Votre commentaire est à modifier",
        "refused": "Votre commentaire n’est pas publié",
        "removed": "Votre commentaire est retiré",
    }[outcome]
    return subject, _typeset(body)


def published(title: str, address: str) -> tuple[str, str]:
    """The good news."""
    body = f"""Bonjour,

Votre commentaire sur la consultation « {title} » est publié :
{address}
{_CLOSING}"""
    return "Votre commentaire est publié", _typeset(body)


def acknowledged(
    number: int, *, reason: str, text: str, title: str, address: str
) -> tuple[str, str]:
    """The acknowledgement of a report."""
    body = f"""Bonjour,

Nous avons reçu votre signalement n° {number} (motif : {REASONS[reason].lower()}) au sujet de ce \
commentaire de la consultation « {title} » :

{quoted(text)}

{address}

Un modérateur l’examine. Nous vous écrirons sa décision.
{_CLOSING}"""
    return f"Signalement n°{NBSP}{number} reçu", _typeset(body)


def answered(number: int, *, removed: bool, title: str, charter: str) -> tuple[str, str]:
    """The decision about a reported comment, for whoever reported it."""
    what = (
        "Le commentaire n’est plus publié en l’état."
        if removed
        else "Le commentaire respecte la charte de modération : il reste publié."
    )
    body = f"""Bonjour,

Un modérateur a examiné votre signalement n° {number} sur la consultation « {title} ».
{what}

La décision a été prise par une personne, sans traitement automatisé.

La charte : {charter}

Si vous n’êtes pas d’accord, répondez à l’adresse de contact de la consultation, ou saisissez le \
juge compétent.
{_CLOSING}"""
    return f"Signalement n°{NBSP}{number} : notre décision".replace(" :", f"{NBSP}:"), _typeset(
        body
    )


def judged(*, upheld: bool, title: str, answer: str, address: str) -> tuple[str, str]:
    """The answer to an appeal."""
    what = (
        "Votre recours est accepté : votre commentaire est publié."
        if upheld
        else "Votre recours est rejeté : la première décision est confirmée."
    )
    said = f"\n{answer}\n" if answer else ""
    body = f"""Bonjour,

Un autre modérateur a examiné votre recours sur la consultation « {title} ».
{what}
{said}
{address}

Si vous n’êtes pas d’accord, vous pouvez saisir le juge compétent.
{_CLOSING}"""
    return "Votre recours : notre réponse".replace(" :", f"{NBSP}:"), _typeset(body)


def _typeset(body: str) -> str:
    """Put the spaces of French typography on our lines, and leave the quoted ones alone."""
    lines = [line if line.startswith(">") else spaced(line) for line in body.split("\n")]
    return "\n".join(lines)
