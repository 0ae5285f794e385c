"""Rings of questions, and questions that nobody can see."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.expressions.evaluate import holds
from consultation.questionnaires.expressions.graph import cycles, unreachable
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import Expression, Node
from consultation.questionnaires.expressions.verdict import verdict
from tests.questionnaires.expressions.shop import SYMBOLS, TODAY
from tests.questionnaires.expressions.trees import trees

nodes = st.sampled_from("abcdef")


def test_two_questions_that_wait_for_each_other_are_named_in_order() -> None:
    assert cycles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [("a", "b", "c")]
    assert cycles({"a": ["a"], "b": ["ailleurs"]}) == [("a",)]
    assert cycles({"a": ["b"], "b": []}) == []


@given(st.dictionaries(nodes, st.sets(nodes)))
def test_every_question_of_a_ring_is_named_and_no_other(reads: dict[str, set[str]]) -> None:
    def reachable(start: str) -> set[str]:
        reached, waiting = set[str](), [start]
        while waiting:
            new = reads.get(waiting.pop(), set()) - reached
            reached |= new
            waiting.extend(new)
        return reached

    rings = cycles(reads)

    assert {key for ring in rings for key in ring} == {
        key for key in reads if key in reachable(key)
    }
    for ring in rings:
        assert all(
            after in reads[key] for key, after in zip(ring, ring[1:] + ring[:1], strict=True)
        )


def test_a_long_chain_is_no_problem() -> None:
    chain = {str(number): [str(number + 1)] for number in range(5000)}

    assert cycles(chain) == []
    assert len(cycles(chain | {"4999": ["0"]})[0]) == 5000


def test_many_questions_that_read_all_the_others_before_are_no_ring() -> None:
    names = [str(number) for number in range(1500)]
    started = time.process_time()

    assert cycles({name: names[:place] for place, name in enumerate(names)}) == []
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("acteur == 'pole' and acteur == 'epci'", "never"),
        ("acteur != 'pole' or acteur != 'epci'", "always"),
        ("acteur == 'pole' or effectif > 3", "sometimes"),
        ("acteur in []", "never"),
        ("accord > 5", "never"),
        ("accord > 4", "sometimes"),
        ("accord > 1 and accord < 2", "never"),
        ("commune == '00001' and commune == '00002'", "never"),
        ("commune != '00001' and commune != '00002'", "sometimes"),
        ("answered(commune) and commune not in ['00001', '00002']", "sometimes"),
        ("commune > 250 and commune < 260", "unknown"),
        ("count(secteur) == 2 and not selected(secteur, 'mer')", "sometimes"),
        ("acteur in ['pole'] and acteur in ['epci'] and effectif + montant == accord", "never"),
        (
            "acteur == 'pole' and acteur == 'epci' and (effectif / montant == 7 or accepte)"
            " and (effectif * montant == 7 or answered(acteur))",
            "never",
        ),
        ("organisme == date('2022-03-01') and organisme != '2022-03-01'", "unknown"),
        ("selected(secteur, 'agro') and selected(secteur, 'mer')", "sometimes"),
        ("selected(secteur, 'agro') and secteur not in ['agro', 'mer']", "never"),
        ("count(secteur) > 3", "never"),
        ("count(secteur) == 3 and not selected(secteur, 'mer')", "never"),
        ("effectif > 5 and effectif < 3", "never"),
        ("effectif > 5 and effectif < 6", "sometimes"),
        ("effectif > 3 or effectif <= 3", "sometimes"),
        ("effectif > 3 or effectif <= 3 or effectif == none", "always"),
        ("adhesion < date('2020') and adhesion > date('2021')", "never"),
        ("adhesion == date('2020-03-01') and adhesion != '2020-03-01'", "sometimes"),
        ("adhesion < today() or answered(adhesion)", "sometimes"),
        ("today() > date('2030')", "unknown"),
        ("accepte and not accepte", "never"),
        ("organisme == 'a' and organisme == 'b'", "never"),
        ("satisfaction.rd == 4 and not answered(satisfaction)", "never"),
        ("not answered(satisfaction.rd) and answered(satisfaction)", "sometimes"),
        ("effectif + montant == 100", "unknown"),
        ("effectif + montant == 100 and acteur == 'pole' and acteur == 'epci'", "never"),
        ("inconnue == 'a' and inconnue == 'b'", "unknown"),
        ("true", "always"),
    ],
)
def test_a_condition_is_judged_by_the_answers_it_can_tell_apart(source: str, wanted: str) -> None:
    assert verdict(parse(source), SYMBOLS, TODAY) == wanted


_conditions = st.lists(
    st.sampled_from(
        [
            "acteur == 'pole'",
            "acteur != 'pole'",
            "acteur in ['epci', 'particulier']",
            "answered(acteur)",
            "accord > 3",
            "accord <= 3",
            "accord == 'nsp'",
            "effectif > 3",
            "effectif < 2.5",
            "effectif == 3",
            "selected(secteur, 'mer')",
            "count(secteur) > 1",
            "secteur in ['agro']",
            "accepte",
            "accepte == none",
            "satisfaction.rd == 4",
            "satisfaction.fin < 3",
            "answered(satisfaction)",
            "organisme == 'a'",
        ]
    ),
    min_size=1,
    max_size=4,
)
_given = st.fixed_dictionaries(
    {},
    optional={
        "acteur": st.sampled_from(["pole", "epci", "particulier"]),
        "accord": st.sampled_from(["1", "3", "4", "5", "nsp"]),
        "effectif": st.floats(0, 5) | st.integers(0, 5),
        "secteur": st.lists(st.sampled_from(["agro", "mer", "autre"]), unique=True),
        "accepte": st.booleans(),
        "satisfaction": st.dictionaries(st.sampled_from(["rd", "fin"]), st.sampled_from("1234")),
        "organisme": st.sampled_from(["a", "b", "A"]),
    },
)


@given(_conditions, st.sampled_from([" and ", " or ", " and not "]), _given)
def test_never_and_always_are_certain(
    conditions: list[str], link: str, answers: dict[str, object]
) -> None:
    condition = parse(link.join(conditions))
    true = holds(condition, answers, TODAY)

    assert verdict(condition, SYMBOLS, TODAY) != ("never" if true else "always")


@given(trees)
def test_any_condition_has_a_verdict(tree: Node) -> None:
    found = verdict(Expression(tree), SYMBOLS, TODAY)

    assert found in ("always", "never", "sometimes", "unknown")


def test_a_question_that_needs_one_nobody_sees_is_seen_by_nobody() -> None:
    conditions = {
        "effectif": parse("acteur == 'pole'"),
        "montant": parse("acteur == 'epci' and effectif > 3"),
        "organisme": parse("answered(montant)"),
        "adhesion": parse("effectif > 3"),
        "accepte": parse("acteur != 'pole' or effectif > 3"),
    }

    assert unreachable(conditions, SYMBOLS, TODAY) == ["montant", "organisme"]


def test_many_conditions_are_judged_in_bounded_time() -> None:
    keys = [f"q{number}" for number in range(30)]
    symbols = dict.fromkeys(keys, SYMBOLS["commune"])
    all_of_them = " and ".join(f"{key} != '00001'" for key in keys)
    started = time.process_time()

    assert unreachable(dict.fromkeys(keys, parse(all_of_them)), symbols, TODAY) == []
    assert time.process_time() - started < 20
