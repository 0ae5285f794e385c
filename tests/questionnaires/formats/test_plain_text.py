"""Claire pastes the questionnaire she wrote in a word processor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.formats.plain_text import read
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.kinds.table import name_of

PASTED = """
Enquête sur les services du pôle

# Votre visite
1. Comment êtes-vous venu ?
- À pied
- En train
- Autre : précisez
2) Quels services avez-vous utilisés ? (2 au plus)
[ ] Accueil
[ ] Formation
[ ] Documentation
Partie 2 : Votre avis
Question 3 : Combien de fois êtes-vous venu ? (nombre)
4. Quand êtes-vous venu la dernière fois ? (date) (facultatif)
5. Que faut-il améliorer ? (facultatif)
Répondez en quelques phrases.
"""


def test_claire_gets_a_draft_with_sections_kinds_and_options() -> None:
    found = read(PASTED.encode(), "texte.txt")
    first, second = found.questionnaire.sections
    travel, services = first.questions
    times, last, improve = second.questions

    assert found.questionnaire.title == {"fr": "Enquête sur les services du pôle"}
    assert [s.title["fr"] for s in (first, second)] == ["Votre visite", "Votre avis"]
    kinds = [name_of(q) for q in (travel, services, times, last, improve)]
    assert kinds == ["single", "multiple", "number", "date", "long_text"]
    assert [o.other for o in travel.options] == [False, False, True]
    assert services.max_choices == 2
    assert [q.required for q in (times, last, improve)] == [True, False, False]
    assert improve.hint == {"fr": "Répondez en quelques phrases."}
    assert found.report.problems == []


def test_a_text_without_a_numbered_question_is_refused_with_an_example() -> None:
    with pytest.raises(UnreadableFile, match="Commencez chaque question par un numéro"):
        read("Bonjour à tous".encode(), "texte.txt")


@given(st.text(max_size=400))
def test_any_text_is_a_questionnaire_or_a_sentence(text: str) -> None:
    try:
        found = read(text.encode("utf-8", "replace"), "texte.txt")
    except UnreadableFile as refusal:
        assert str(refusal).endswith(".")
    else:
        assert found.report.questions >= 1


@given(st.lists(st.sampled_from(PASTED.splitlines()), max_size=30))
def test_lines_in_any_order_keep_every_question(lines: list[str]) -> None:
    numbered = [line for line in lines if line[:1].isdigit() or line.startswith("Question")]
    if numbered:
        found = read("\n".join(lines).encode(), "texte.txt")

        assert found.report.questions == len(numbered)
