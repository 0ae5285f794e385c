from datetime import date

from consultation.questionnaires.expressions.evaluate import evaluate, holds
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import references

TODAY = date(2022, 3, 1)


def test_a_condition_is_read_evaluated_and_says_what_it_reads() -> None:
    condition = parse("acteur != 'particulier' and selected(secteur, 'agro')")

    assert holds(condition, {"acteur": "pole", "secteur": ["agro", "mer"]}, TODAY)
    assert not holds(condition, {"acteur": "particulier", "secteur": ["agro"]}, TODAY)
    assert references(condition) == {"acteur", "secteur"}
    assert evaluate(parse("part + 1"), {"part": 2}, TODAY) == 3
