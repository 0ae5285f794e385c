"""The text of a campaign, written by the organiser, and what each person receives of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consultation.mail.rules import one_line
from consultation.web.typography import NBSP, moment_fr

VARIABLES = {
    "nom": f"le nom du contact, ou «{NBSP}Madame, Monsieur{NBSP}»",
    "organisme": f"le nom de l’organisme, ou «{NBSP}votre organisme{NBSP}»",
    "consultation": "le titre de la consultation",
    "lien": "le lien personnel",
    "ouverture": "la date et l’heure d’ouverture",
    "cloture": "la date et l’heure de clôture",
}
"""What the text of a campaign may name, as ``${nom}``, and what is written instead."""

LONGEST_SUBJECT, LONGEST_BODY = 150, 8000
_VARIABLE = re.compile(r"\$\{([^{}\n]{0,60})\}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives the letter, and the two addresses that are theirs alone.

    ``attributes`` are the other columns of the file that they came from.
    """

    name: str
    organisation: str
    link: str
    unsubscribe: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the letter says of the consultation; ``organiser`` and ``contact`` may be empty."""

    title: str
    opens_at: datetime
    closes_at: datetime
    organiser: str
    contact: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be posted."""

    subject: str
    text: str
    headers: dict[str, str]


def faults(subject: str, body: str, attributes: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return (field, French sentence) for each thing to correct in the text of a campaign.

    ``attributes`` are the names of the other columns of the address book.
    """
    known = [*VARIABLES, *(name for name in attributes if name not in VARIABLES)]
    found = [("subject", _unknown(name, known)) for name in _unknowns(subject, known)]
    found += [("body", _unknown(name, known)) for name in _unknowns(body, known)]
    if "${lien}" in subject:
        found.append(("subject", "Retirez ${lien} de l’objet et gardez-le dans le texte"))
    if "${lien}" not in body:
        found.append(("body", f"Ajoutez ${{lien}} au texte{NBSP}: chacun y trouve son lien"))
    return found


def _unknowns(text: str, known: Sequence[str]) -> list[str]:
    return [name for name in _VARIABLE.findall(text) if name not in known]


def _unknown(name: str, known: Sequence[str]) -> str:
    usable = ", ".join(f"${{{each}}}" for each in known)
    return f"${{{name}}} n’existe pas. Utilisez {usable}"


def write(subject: str, body: str, recipient: Recipient, about: About) -> Letter:
    """Return the letter of one person. What replaces a variable is never read again.

    An attribute that the person lacks is replaced by nothing.
    """
    values = _values(recipient, about)
    headers = {
        "List-Unsubscribe": f"<{recipient.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if about.contact:
        headers["Reply-To"] = about.contact
    text = f"{_filled(body, values).rstrip()}\n\n{_footer(recipient, about)}"
    return Letter(one_line(_filled(subject, values)), text, headers)


def titled(subject: str, about: About) -> str:
    """Return a subject with what is the same for everybody."""
    return subject.replace("${consultation}", one_line(about.title))


def _values(recipient: Recipient, about: About) -> dict[str, str]:
    others = {name: one_line(value) for name, value in recipient.attributes.items()}
    return {
        **others,
        "nom": one_line(recipient.name) or "Madame, Monsieur",
        "organisme": one_line(recipient.organisation) or "votre organisme",
        "consultation": one_line(about.title),
        "lien": recipient.link,
        "ouverture": f"{moment_fr(about.opens_at)} (heure de Paris)",
        "cloture": f"{moment_fr(about.closes_at)} (heure de Paris)",
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


def _footer(recipient: Recipient, about: About) -> str:
    who = about.organiser or "L’organisateur"
    answer = f" Une question{NBSP}: {about.contact}." if about.contact else ""
    return (
        "---\n"
        f"{who} vous écrit car votre adresse figure dans le carnet d’adresses de cette "
        f"consultation.{answer}\n"
        f"Ne plus recevoir ces courriels{NBSP}:\n{recipient.unsubscribe}\n"
    )


_LINK = f"""Votre lien personnel{NBSP}:
${{lien}}

Il vous connecte sans mot de passe. Ne le transmettez pas."""

DEFAULTS = {
    "invitation": (
        f"Votre avis est attendu{NBSP}: ${{consultation}}",
        f"""Bonjour ${{nom}},

Nous invitons ${{organisme}} à répondre à la consultation «{NBSP}${{consultation}}{NBSP}».

{_LINK}

Vous pouvez répondre en plusieurs fois, jusqu’au ${{cloture}}.
""",
    ),
    "not_started": (
        f"Rappel{NBSP}: ${{consultation}}",
        f"""Bonjour ${{nom}},

Nous n’avons pas encore reçu la réponse de ${{organisme}} à la consultation \
«{NBSP}${{consultation}}{NBSP}», qui se termine le ${{cloture}}.

{_LINK}
""",
    ),
    "draft": (
        f"Votre brouillon vous attend{NBSP}: ${{consultation}}",
        f"""Bonjour ${{nom}},

Votre contribution à la consultation «{NBSP}${{consultation}}{NBSP}» est enregistrée, mais pas \
encore envoyée. Seules les contributions envoyées sont prises en compte.

Vous pouvez la compléter et l’envoyer jusqu’au ${{cloture}}.

{_LINK}
""",
    ),
}
"""The subject and the body proposed for each kind of campaign."""
