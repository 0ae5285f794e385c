"""Claire changes a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consultation.questionnaires import editing
from consultation.questionnaires.checks import blocking_findings
from consultation.questionnaires.format import Computed, Questionnaire
from consultation.questionnaires.kinds.matrix import Matrix
from consultation.questionnaires.kinds.multiple import Multiple
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.question import Option
from consultation.questionnaires.kinds.single import Single
from consultation.questionnaires.kinds.table import KINDS, AnyQuestion
from consultation.questionnaires.starters.shelf import starter

CLUSTERS = starter("poles_2022")
KEYS = [q.key for s in CLUSTERS.sections for q in s.questions]


def keys(questionnaire: Questionnaire) -> list[str]:
    return [q.key for s in questionnaire.sections for q in s.questions]


def test_a_question_moves_within_its_section_then_into_the_next() -> None:
    within = editing.move_question(CLUSTERS, "organisme", 1)
    across = editing.move_question(CLUSTERS, "secteur", 1)

    assert keys(within)[:3] == ["acteur", "siret", "organisme"]
    assert keys(across) == KEYS
    assert editing.find(across, "secteur")[0].key == "relation"


def test_a_question_at_the_very_top_stays_there() -> None:
    assert editing.move_question(CLUSTERS, "acteur", -1) == CLUSTERS


@given(st.sampled_from(KEYS), st.sampled_from([-1, 1]))
def test_moving_there_and_back_changes_nothing(key: str, by: int) -> None:
    moved = editing.move_question(CLUSTERS, key, by)

    if moved != CLUSTERS:
        assert editing.move_question(moved, key, -by) == CLUSTERS


def test_a_copy_stands_under_its_original_with_a_key_of_its_own() -> None:
    copied, key = editing.duplicate_question(CLUSTERS, "mandat")

    assert key == "mandat_2"
    assert keys(copied)[keys(copied).index("mandat") + 1] == "mandat_2"


def test_a_copied_section_speaks_of_its_own_questions() -> None:
    copied, key = editing.duplicate_section(CLUSTERS, "financement")
    before, after = (editing.section_of(copied, name) for name in ("financement", key))

    assert [s.key for s in copied.sections].index(key) == 1 + [
        s.key for s in CLUSTERS.sections
    ].index("financement")
    assert before == editing.section_of(CLUSTERS, "financement")
    assert [q.key for q in after.questions] == [f"{q.key}_2" for q in before.questions]
    share = editing.find(copied, "part_privee_2")[1]
    assert share.constraints[0].expression.count("_2") == 3
    assert share.relevant == editing.find(copied, "part_privee")[1].relevant  # asked elsewhere
    assert blocking_findings(copied, date(2022, 2, 1)) == []


def test_a_new_question_does_not_take_the_name_of_a_computed_value() -> None:
    whole = replace(CLUSTERS, computed=[Computed(key="question", expression="1 + 1")])

    assert editing.taken_keys(whole).give("question") == "question_2"


def test_removing_a_section_takes_its_questions_with_it() -> None:
    assert "acteur" not in keys(editing.remove_section(CLUSTERS, "profil"))


def test_a_new_section_gets_a_key_that_nothing_uses() -> None:
    with_one, first = editing.add_section(CLUSTERS, {"fr": "Votre profil"})
    _, second = editing.add_section(with_one, {"fr": "Votre profil"})

    assert (first, second) == ("votre_profil", "votre_profil_2")


def test_sections_change_places() -> None:
    moved = editing.move_section(CLUSTERS, "relation", -1)

    assert [s.key for s in moved.sections][:2] == ["relation", "profil"]
    assert editing.move_section(CLUSTERS, "profil", -1) == CLUSTERS


def options(*labels: str) -> list[Option]:
    return [Option(value=f"v{n}", label={"fr": label}) for n, label in enumerate(labels)]


def values(text: str, before: list[Option]) -> list[str]:
    return [o.value for o in editing.options_from_lines(text, "fr", before)]


def test_pasted_lines_keep_the_values_of_the_options_that_were_there() -> None:
    before = options("Oui", "Non", "Peut-être")

    assert values("Non\nOui\nPeut-être", before) == ["v1", "v0", "v2"]
    assert values("Oui\nNon\nJe ne sais pas", before) == ["v0", "v1", "v2"]
    assert values("Oui\nNon", before) == ["v0", "v1"]
    assert values("- Oui\n• Non\nPeut-être\nAutre", before) == ["v0", "v1", "v2", "autre"]


@given(st.lists(st.text(max_size=12), max_size=8), st.lists(st.text(max_size=12), max_size=8))
def test_pasted_lines_never_give_a_value_twice(first: list[str], second: list[str]) -> None:
    before = editing.options_from_lines("\n".join(first), "fr")
    after = editing.options_from_lines("\n".join(second), "fr", before)

    assert len({o.value for o in after}) == len(after)


def test_a_choice_made_multiple_keeps_its_options_and_its_condition() -> None:
    single = editing.find(CLUSTERS, "mandat")[1]
    multiple = editing.change_kind(single, Multiple)

    assert isinstance(multiple, Multiple)
    assert isinstance(single, Single)
    assert (multiple.options, multiple.relevant) == (single.options, single.relevant)
    assert isinstance(editing.change_kind(multiple, Number), Number)


def test_options_become_the_rows_of_a_matrix() -> None:
    made = editing.change_kind(editing.find(CLUSTERS, "mandat")[1], Matrix)

    assert [r.value for r in made.rows] == ["officiel", "personnel"]  # type: ignore[union-attr]


def every_kind() -> list[type[AnyQuestion]]:
    from consultation.questionnaires.kinds import table

    return list(table.AnyQuestion.__args__)  # type: ignore[attr-defined]


@given(st.sampled_from(KEYS), st.sampled_from(every_kind()))
def test_any_question_becomes_any_kind_without_an_exception(
    key: str, kind: Callable[..., AnyQuestion]
) -> None:
    made = editing.change_kind(editing.find(CLUSTERS, key)[1], kind)  # type: ignore[arg-type]

    assert made.key == key
    assert editing.kind_name(made) in KINDS
