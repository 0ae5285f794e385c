"""The page of one section, whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds.question import Answer
from consultation.responses import pages, reading
from consultation.responses.draft import Draft
from consultation.responses.pages import Sight
from consultation.responses.progress import Progress, counted, progress
from consultation.responses.views.desk import Desk, drawer
from consultation.web.frame import render
from consultation.web.typography import NBSP, number_fr


def section_page(
    at: Desk,
    seen: Sight,
    answers: Mapping[str, Answer],
    revision: int,
    more: Mapping[str, str] | None = None,
    base: str | None = None,
) -> str:
    """Return the page of the section with ``answers``; ``more`` adds errors by question.

    ``base`` marks what the person had before their eyes at first, when that is something else.
    """
    found = progress(at.version, seen.draft, seen.path, at.today)
    errors = {**_errors(seen, found), **(more or {})}
    drawn = pages.draw(drawer(), seen, answers, errors)
    return render(
        "responses/section.html",
        desk=at,
        seen=seen,
        introduction=pages.introduction(seen),
        drawn=drawn,
        errors=drawn.errors,
        revision=revision,
        base=reading.marks(seen.section, seen.keys, answers) if base is None else base,
        progress=found,
        saved=saved_sentence(at, seen.draft),
        how_far=how_far(at, seen),
        beside=at.beside("co_authors_section", seen.draft, seen.section),
        to_confirm=[one for one in at.to_confirm(seen.draft) if one.section == seen.section.number],
    )


def _errors(seen: Sight, found: Progress) -> dict[str, str]:
    if seen.language != "fr":
        return pages.said(seen)
    return pages.first_sentences(p for p in found.wrong if p.section == seen.section.number)


def saved_sentence(at: Desk, draft: Draft) -> str:
    """Return the state of the draft in words and time; empty before the first save."""
    if draft.saved_at is None:
        return ""
    return f"Brouillon enregistré {at.when(draft.saved_at)}"


def how_far(at: Desk, seen: Sight) -> tuple[str, int, int]:
    """Return how far the person is, in words, and the two numbers of the bar."""
    answered, asked = counted(at.version, seen.path)
    word = "réponse" if answered < 2 else "réponses"
    return (
        f"Partie {seen.section.number} sur {len(at.version.sections)}, "
        f"{number_fr(answered)}{NBSP}{word} sur {number_fr(asked)}",
        answered,
        asked,
    )
