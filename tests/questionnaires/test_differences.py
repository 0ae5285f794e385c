"""What Claire reads before she publishes a new version over four hundred answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from consultation.questionnaires import editing
from consultation.questionnaires.checks import (
    blocking_findings,
    checks,
    estimated_minutes,
    reading_seconds,
)
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.differences import (
    CONFIRM,
    Difference,
    differences,
    reasons,
    to_confirm,
)
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.question import Option
from consultation.questionnaires.kinds.single import Single
from consultation.questionnaires.starters.shelf import starter

CLUSTERS = starter("poles_2022")
YES_NO = [Option(value="oui", label={"fr": "Oui"}), Option(value="non", label={"fr": "Non"})]
TODAY = date(2022, 2, 1)


def compared(new: Questionnaire) -> list[Difference]:
    return differences(compile_version(CLUSTERS), compile_version(new))


def with_question(key: str, **fields: Any) -> Questionnaire:
    return editing.replace_question(
        CLUSTERS, key, replace(editing.find(CLUSTERS, key)[1], **fields)
    )


def test_nothing_changed_says_nothing() -> None:
    assert compared(CLUSTERS) == []


def test_a_typo_corrected_is_a_wording_and_no_answer_is_lost() -> None:
    [found] = compared(
        with_question("mandat", label={"fr": "Répondez-vous pour votre organisme ?"})
    )

    assert found.weight == "wording"
    assert "Question 4\u00a0: intitulé modifié" in found.sentence
    assert to_confirm([found], {"mandat": "officiel"}) == []


def test_an_option_added_is_an_addition() -> None:
    options = editing.find(CLUSTERS, "nombre_poles")[1].options  # type: ignore[union-attr]
    more = [*options, Option(value="autre", label={"fr": "Autre"})]

    [found] = compared(with_question("nombre_poles", options=more))

    assert (found.weight, found.key) == ("addition", "nombre_poles")
    assert "option ajoutée, «\u00a0Autre\u00a0»" in found.sentence


def test_an_option_taken_away_asks_those_who_answered_to_confirm() -> None:
    options = editing.find(CLUSTERS, "nombre_poles")[1].options[1:]  # type: ignore[union-attr]

    found = compared(with_question("nombre_poles", options=options))

    assert [d.weight for d in found] == ["meaning"]
    assert to_confirm(found, {"nombre_poles": "moins", "acteur": "region"}) == ["nombre_poles"]


def test_the_organiser_alone_knows_that_new_words_ask_something_else() -> None:
    label = {"fr": "Répondez-vous pour votre groupe ?"}
    same = compared(with_question("mandat", label=label))
    other = compared(with_question("mandat", label=label, meaning=2))

    assert [d.rewords for d in same] == [True]
    assert to_confirm(same, {"mandat": "officiel"}) == []
    assert to_confirm(other, {"mandat": "officiel", "acteur": "region"}) == ["mandat"]
    assert reasons(other, "mandat") == [same[0].sentence]


def test_an_option_renamed_and_made_exclusive_says_both() -> None:
    first, *rest = editing.find(CLUSTERS, "secteur")[1].options  # type: ignore[union-attr]
    changed = replace(first, label={"fr": "Le ciel"}, exclusive=True)
    found = compared(with_question("secteur", options=[changed, *rest]))

    assert [(d.weight, d.rewords) for d in found] == [("wording", True), ("meaning", False)]
    assert reasons(found, "secteur") == [
        "Question 7\u00a0: réglages de «\u00a0Le ciel\u00a0» modifiés"
    ]


def test_a_translation_of_an_option_is_not_called_a_new_name() -> None:
    first, *rest = editing.find(CLUSTERS, "mandat")[1].options  # type: ignore[union-attr]
    changed = replace(first, label={**first.label, "en": "Yes, officially"})
    [found] = compared(with_question("mandat", options=[changed, *rest]))

    assert found.sentence.startswith("Question 4\u00a0: traduction de «\u00a0Oui")


def test_a_condition_on_a_section_names_each_question_it_may_hide() -> None:
    section = CLUSTERS.sections[1]
    [found] = compared(
        editing.change_section(CLUSTERS, section.key, relevant="acteur != 'particulier'")
    )

    assert found.concerned == tuple(q.key for q in section.questions)
    assert "restent comptées" in found.effect


def test_another_kind_of_answer_is_a_change_of_meaning() -> None:
    changed = editing.change_kind(editing.find(CLUSTERS, "effectif")[1], LongText)

    [found] = compared(editing.replace_question(CLUSTERS, "effectif", changed))

    assert (found.weight, found.effect) == ("meaning", CONFIRM)


def test_a_question_added_at_the_top_moves_nobody() -> None:
    first = Single(key="tout_premier", label={"fr": "D’abord"}, options=YES_NO)
    section = CLUSTERS.sections[0]
    more = replace(section, questions=[first, *section.questions])

    found = compared(replace(CLUSTERS, sections=[more, *CLUSTERS.sections[1:]]))

    assert [(d.key, d.weight) for d in found] == [("tout_premier", "addition")]


def test_only_the_question_that_was_moved_is_said_to_be() -> None:
    up = editing.move_question(editing.move_question(CLUSTERS, "secteur", -1), "secteur", -1)

    assert [d.key for d in compared(up)] == ["secteur"]
    across = editing.move_question(CLUSTERS, "secteur", 1)
    assert [d.key for d in compared(across)] == ["secteur"]


def test_a_question_added_or_removed_is_named() -> None:
    added, key = editing.duplicate_question(CLUSTERS, "mandat")
    sentences = [d.sentence for d in compared(added) if d.key == key]
    removed = compared(editing.remove_question(CLUSTERS, "mandat"))

    assert any("ajoutée" in s for s in sentences)
    assert any(d.key == "mandat" and "supprimée" in d.sentence for d in removed)


def test_the_real_questionnaire_can_be_published_and_takes_twenty_minutes() -> None:
    version = compile_version(CLUSTERS)

    assert blocking_findings(CLUSTERS, TODAY) == []
    assert estimated_minutes(version) == 20
    assert 15 * 60 < reading_seconds(version) < 25 * 60
    assert reading_seconds(version, frozenset({"acteur"})) < 60


def said(questionnaire: Questionnaire, level: str = "error") -> list[tuple[str, str]]:
    return [(c.key, c.what) for c in checks(questionnaire, TODAY) if c.level == level]


def test_a_condition_on_a_question_that_was_removed_stops_publication() -> None:
    without = editing.remove_question(CLUSTERS, "dispositifs")

    [(key, what)] = said(without)

    assert key == "frein_financement"
    assert "dispositifs" in what


def test_a_question_that_nobody_can_reach_stops_publication() -> None:
    lost = with_question("nombre_cible", relevant="nombre_poles == 'moins' and acteur == 'x'")
    never = with_question(
        "nombre_cible", relevant="nombre_poles == 'moins' and nombre_poles == 'plus'"
    )

    assert [key for key, _ in said(lost)] == ["nombre_cible"]
    assert said(never) == [("nombre_cible", "aucune réponse ne mène à cette question")]


def test_two_questions_that_wait_for_each_other_stop_publication() -> None:
    ring = editing.replace_question(
        with_question("nombre_poles", relevant="answered(nombre_cible)"),
        "nombre_cible",
        editing.find(CLUSTERS, "nombre_cible")[1],
    )

    assert "tournent en rond" in said(ring)[0][1]


def test_two_ideas_in_one_sentence_and_missing_translations_are_only_warned_about() -> None:
    warnings = said(CLUSTERS, "warning")

    assert any("deux idées" in what for _, what in warnings)
    assert ("poles_membres", "54 textes ne sont pas traduits (en)") in warnings
