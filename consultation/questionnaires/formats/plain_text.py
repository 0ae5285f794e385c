"""A questionnaire pasted as text: a title, numbered questions, options as dashes.

::

    Enquête de satisfaction
    # Votre visite
    1. Comment êtes-vous venu ?
    - À pied
    - En train
    - Autre : précisez
    2. Quels services avez-vous utilisés ? (plusieurs réponses)
    [ ] Accueil
    [ ] Formation
    3. Que faut-il améliorer ? (facultatif)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.formats.keys import Keys, plain_key
from consultation.questionnaires.formats.neutral import report_on
from consultation.questionnaires.formats.report import Import, UnreadableFile
from consultation.questionnaires.kinds.date import Date
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.multiple import Multiple
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.question import Option
from consultation.questionnaires.kinds.single import Single

_SECTION = re.compile(
    r"(?:#{1,6}\s*|(?:partie|section)\s+[0-9ivx]+\s*[:.)–-]\s*)(.+)", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:q(?:uestion)?\s*)?\d{1,3}\s*[.):°–-]+\s*(.+)", re.IGNORECASE)
_BOX = re.compile(r"(?:\[\s?[xX]?\s?\]|☐|☑|□)\s*(.+)")
_DASH = re.compile(r"(?:[-–—•*·o○◦]|\(\s?\)|[a-z]\))\s+(.+)")
_SEVERAL = re.compile(r"\(?\s*(plusieurs réponses|choix multiple)[^)]*\)?", re.IGNORECASE)
_MOST = re.compile(r"\((\d{1,2}) (?:réponses? )?(?:au plus|maximum|max\.?)[^)]*\)", re.IGNORECASE)
_OPTIONAL = re.compile(r"\s*\((?:facultatif|optionnel|facultative)\)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\((?:un )?(?:nombre|chiffre|montant)s?\)", re.IGNORECASE)
_DATE = re.compile(r"\s*\((?:une )?date\)", re.IGNORECASE)
_OTHER = re.compile(r"autre\b.*|other\b.*", re.IGNORECASE)
LARGEST = 200_000


@dataclass(slots=True)
class _Draft:
    text: str
    options: list[str] = field(default_factory=list)
    boxes: bool = False
    hints: list[str] = field(default_factory=list)


def read(data: bytes, name: str) -> Import:
    """Read a pasted text.

    Raises:
        UnreadableFile: there is no numbered question in it.
    """
    if len(data) > LARGEST:
        raise UnreadableFile(
            "Ce texte dépasse 200\u00a0000 caractères. Collez une partie à la fois."
        )
    lines = data.decode("utf-8", "replace").replace("\x00", "").splitlines()
    title, parts = _parsed([" ".join(line.split()) for line in lines])
    if not any(drafts for _, drafts in parts):
        raise UnreadableFile(
            "Aucune question numérotée dans ce texte. Commencez chaque question par un numéro, "
            "par exemple «\u00a01. Quel est votre avis\u00a0?\u00a0»."
        )
    keys = Keys()
    sections = [
        Section(
            key=keys.give(heading or title, "partie"),
            title={"fr": heading or title},
            questions=[_question(draft, keys) for draft in drafts],
        )
        for heading, drafts in parts
        if drafts
    ]
    questionnaire = Questionnaire(
        code=plain_key(title, "texte"), title={"fr": title}, sections=sections
    )
    return Import(questionnaire, report_on(questionnaire, "text"))


def _parsed(lines: list[str]) -> tuple[str, list[tuple[str, list[_Draft]]]]:
    title, parts = "", [("", list[_Draft]())]
    for line in filter(None, lines):
        drafts = parts[-1][1]
        if section := _SECTION.fullmatch(line):
            if not title and not drafts and line.startswith("# ") and len(parts) == 1:
                title = section.group(1)
            else:
                parts.append((section.group(1), []))
        elif question := _QUESTION.fullmatch(line):
            drafts.append(_Draft(question.group(1)))
        elif (option := _BOX.fullmatch(line) or _DASH.fullmatch(line)) and drafts:
            drafts[-1].options.append(option.group(1))
            drafts[-1].boxes |= bool(_BOX.fullmatch(line))
        elif drafts:
            drafts[-1].hints.append(line)
        elif not title:
            title = line
    return (title or "Questionnaire sans titre")[:200], parts


def _question(draft: _Draft, keys: Keys) -> Any:
    text = draft.text
    most = _MOST.search(text)
    several = draft.boxes or bool(_SEVERAL.search(text)) or bool(most)
    bare = _DATE.sub("", _NUMBER.sub("", _OPTIONAL.sub("", text))).strip()
    shared: dict[str, Any] = {
        "key": keys.give(" ".join(bare.split()[:5]), "q"),
        "label": {"fr": bare},
        "hint": {"fr": " ".join(draft.hints)} if draft.hints else {},
        "required": not _OPTIONAL.search(text),
    }
    if draft.options:
        options = _options(draft.options)
        if several:
            return Multiple(
                **shared, options=options, max_choices=int(most.group(1)) if most else None
            )
        return Single(**shared, options=options)
    if _NUMBER.search(text):
        return Number(**shared)
    return Date(**shared) if _DATE.search(text) else LongText(**shared)


def _options(labels: list[str]) -> list[Option]:
    values = Keys()
    return [
        Option(
            value=values.give(label, "option"),
            label={"fr": label},
            other=bool(_OTHER.fullmatch(label)),
        )
        for label in labels
    ]
