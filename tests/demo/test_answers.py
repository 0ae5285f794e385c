"""What synthetic respondents answer: valid to the last question, plausible, and never the same."""

from __future__ import annotations

import re
from collections import Counter
from statistics import mean
from typing import Any

import pytest

from consultation.demo.packing import Packing
from consultation.questionnaires import layout, path
from consultation.questionnaires.problems import problems
from tests.demo.population import TODAY, drawn, respondents, version

COMPANIES = {"entreprise_micro", "entreprise_pme", "entreprise_eti", "entreprise_ge"}


def test_every_respondent_follows_the_real_path_without_a_problem() -> None:
    for answers, followed in respondents():
        walked = path.walk(version(), answers, TODAY)
        assert walked.shown == followed.shown
        assert problems(version(), walked, TODAY) == []
        assert path.submitted(version(), walked) == answers


def test_every_question_but_the_file_is_answered_by_somebody_and_hidden_from_somebody() -> None:
    keys = Counter(key for answers, _ in respondents() for key in answers)
    assert set(version().items) - set(keys) == {"cahier_acteur"}
    conditional = [key for key, item in version().items.items() if item.condition]
    assert all(keys[key] < len(respondents()) for key in conditional)


def test_the_remembered_vector_is_that_of_the_questionnaire() -> None:
    packing = Packing(version())
    for answers, followed in respondents():
        assert packing.vector(followed, answers) == layout.vector(version(), followed, answers)


def test_the_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    respondents.cache_clear()
    first = respondents(seed=3, size=60)
    respondents.cache_clear()
    assert [a for a, _ in respondents(seed=3, size=60)] == [a for a, _ in first]
    assert [a for a, _ in respondents(seed=4, size=60)] != [a for a, _ in first]


def _agreement(kinds: set[str], key: str) -> float:
    answers = [a[key] for a, _ in respondents(5, 6000) if a["acteur"] in kinds]
    return mean(int(answer) for answer in answers if answer != "nsp")


def test_regions_and_large_companies_disagree_on_governance() -> None:
    regions = _agreement({"region", "agence_dev"}, "bilan_regionalisation")
    assert regions > _agreement({"entreprise_ge", "etat"}, "bilan_regionalisation") + 1


def _first_choice(kinds: set[str], key: str, value: str) -> float:
    return mean(a[key][0] == value for a, _ in respondents(5, 6000) if a["acteur"] in kinds)


def test_everybody_has_an_opinion_and_not_the_same() -> None:
    for key in ("label_utilite", "bilan_regionalisation", "nombre_poles"):
        found = Counter(answers[key] for answers, _ in respondents())
        shares = [count / len(respondents()) for count in found.values()]
        assert len(found) == len(version().items[key].resolved.options)
        assert max(shares) > 2 * min(shares)
        assert max(shares) < 0.7
    regional = _first_choice({"region"}, "echelle_pilotage", "regional")
    assert regional > _first_choice(COMPANIES, "echelle_pilotage", "regional")


def _texts(key: str) -> list[str]:
    return [a[key] for a, _ in respondents(5, 6000) if key in a]


@pytest.mark.parametrize("key", ["proposition", "regionalisation_pourquoi", "mission_nouvelle"])
def test_texts_are_varied_french_without_a_hole(key: str) -> None:
    texts = _texts(key)
    assert len(set(texts)) > 0.35 * len(texts)
    assert not [text for text in texts if re.search(r"[{}\[\]|]|[^\u00a0][;:?!]|'|\.\.", text)]
    assert all(text[0].isupper() and text.endswith((".", "?")) for text in texts)


def test_reasons_agree_with_the_opinion_they_explain() -> None:
    def told(opinions: set[str]) -> set[str]:
        return {
            a["regionalisation_pourquoi"].split(".")[0]
            for a, _ in respondents(5, 6000)
            if a["bilan_regionalisation"] in opinions and "regionalisation_pourquoi" in a
        }

    assert told({"4", "5"}).isdisjoint(told({"1", "2"}))


def test_some_organisations_answer_twice_but_officially_once() -> None:
    batch = drawn(5, 2000)
    homes = Counter(batch.organisation(place) for place in range(2000))
    twice = {home for home, times in homes.items() if home and times > 1}
    assert 40 < len(twice) < 160
    official: Counter[Any] = Counter(
        batch.organisation(place)
        for place in range(2000)
        if batch.columns["mandat"][place] == "officiel"
    )
    assert max(official.values()) == 1
