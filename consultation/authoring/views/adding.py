"""Adding a question or a section from any page of the editor."""

from __future__ import annotations

from consultation.authoring.kinds import new_question
from consultation.authoring.views.desk import Desk
from consultation.authoring.views.saving import Next
from consultation.questionnaires import editing
from consultation.questionnaires.editing import NoSuchPartError
from consultation.questionnaires.format import Questionnaire

QUESTION, SECTION = "Nouvelle question", "Nouvelle partie"
FIRST_KIND = "single"


def add(
    at: Desk, questionnaire: Questionnaire, verb: str, *, after: str = "", section: str = ""
) -> tuple[Questionnaire, Next]:
    """Add a section at the end, or a question: after another one, else at the end of a section."""
    language = next(iter(questionnaire.languages), "fr")
    if verb == "section":
        questionnaire, key = editing.add_section(questionnaire, {language: SECTION})
        return questionnaire, Next(at.url("section", key=key), "Partie ajoutée à la fin.")
    home = section or _home(questionnaire, after)
    if not home:
        questionnaire, home = editing.add_section(questionnaire, {language: SECTION})
    key = editing.taken_keys(questionnaire).give("question")
    made = new_question(FIRST_KIND, key, {language: QUESTION})
    questionnaire = editing.add_question(questionnaire, home, made, after or None)
    return questionnaire, Next(at.url("question", key=key), "Question ajoutée. Écrivez-la.")


def _home(questionnaire: Questionnaire, after: str) -> str:
    """Return the section of a question, else the last one; empty when there is none."""
    try:
        return editing.find(questionnaire, after)[0].key
    except NoSuchPartError:
        return questionnaire.sections[-1].key if questionnaire.sections else ""
