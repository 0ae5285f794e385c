"""The base of a conditional question tells how many gave the answer that opens it."""

from __future__ import annotations

import numpy as np
import pytest

from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.starters.shelf import starter
from consultation.results.links import PARTICIPATION, links
from consultation.results.questions import plan
from tests.results.sample import definition

POLES = compile_version(starter("poles_2022"))


def found(version: CompiledVersion, key: str) -> list[tuple[str, int, list[bool] | None]]:
    whole = plan([version])
    first = (slice(None), *(0,) * len(whole.breakdowns))
    return [
        (link.key, link.table, None if link.opens is None else link.opens[first].tolist())
        for link in links(whole, version, whole.questions[key])
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("date_adhesion", [("connaissance", 0, [True, False, False, False, False])]),
        ("part_etat", [("connaissance", 0, [True, True, True, True, False])]),
        ("frein_financement", [("dispositifs", PARTICIPATION, [False, False, True])]),
        ("effectif", []),  # the type alone: a breakdown, protected with everybody
        ("label_utilite", []),
    ],
)
def test_conditions_are_understood(
    key: str, expected: list[tuple[str, int, list[bool] | None]]
) -> None:
    assert found(POLES, key) == expected


def test_a_condition_may_depend_on_the_group_too() -> None:
    whole = plan([POLES])
    (link,) = links(whole, POLES, whole.questions["rapprochements"])
    assert link.opens is not None
    kinds = [choice.value for choice in whole.breakdowns[0].choices]
    assert link.opens[:, kinds.index("pole"), 0].all()
    assert link.opens[:, kinds.index("commune"), 0].tolist() == [True, False, False, False]
    assert not link.opens[:, -1].any()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("selected(filieres, 'sante')", [("filieres", 1, [True, False])]),
        ("cotisation > 100", [("cotisation", PARTICIPATION, None), ("cotisation", 0, None)]),
        (
            "membre == 'oui' and accord == '4'",
            [(key, table, None) for key in ("accord", "membre") for table in (PARTICIPATION, 0)],
        ),
    ],
)
def test_what_is_not_understood_is_supposed_to_tell_everything(
    condition: str, expected: list[tuple[str, int, list[bool] | None]]
) -> None:
    version = compile_version(decode(definition(idee={"relevant": condition})))
    assert found(version, "idee") == expected


def test_everything_that_opens_has_the_shape_of_the_tables() -> None:
    whole = plan([POLES])
    for question in whole.questions.values():
        for link in links(whole, POLES, question):
            if link.opens is not None:
                assert link.opens.shape[1:] == whole.shape
                assert link.opens.dtype == np.bool_
