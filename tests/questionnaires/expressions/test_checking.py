"""What an organiser is told before publishing, with the place of each mistake."""

import time

import pytest

from consultation.questionnaires.expressions.build import equals, every, selected
from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import Expression
from tests.questionnaires.expressions.shop import SYMBOLS


def errors(source: str) -> list[tuple[int, str]]:
    return [(error.position, error.reason) for error in check(parse(source), SYMBOLS)]


@pytest.mark.parametrize(
    "source",
    [
        "acteur == 'pole'",
        "acteur != 'particulier' and selected(secteur, 'agro')",
        "acteur in ['pole', 'epci'] and secteur in ['agro']",
        "acteur == '' or acteur == none",
        "accord == 4 and accord > 2 and accord in [1, 'nsp']",
        "selected(acteur, 'pole')",
        "satisfaction.rd == '4' and satisfaction.rd >= 3 and count(satisfaction, 4) > 1",
        "budget.etat + budget.regions == 100 and sum(budget) == 100",
        "sum(effectif, montant) / 2 > max(satisfaction)",
        "effectif == '12' and organisme == 12",
        "secteur.other == 'Textile' and length(secteur.other) < 10",
        "adhesion < date('2022-03') and adhesion != '2019' and year(adhesion) == 2019",
        "adhesion == organisme and date(organisme) < today()",
        "days_between(adhesion, today()) > 365",
        "accepte and not accepte or accepte == true",
        "count(annexe) == 1 and answered(annexe)",
        "rank(rang, 'rd') <= 2",
        "matches(organisme, '[A-Z].*') and starts_with(upper(organisme), 'P')",
        "if(accepte, 1, 2) == 1",
        "number(organisme) + 1 > 2",
        "concat(acteur, ' ', effectif, secteur) != ''",
        "round(montant, 2) == abs(-montant)",
        "effectif == none",
    ],
)
def test_a_condition_that_means_something_passes(source: str) -> None:
    assert errors(source) == []


@pytest.mark.parametrize(
    ("source", "position", "reason"),
    [
        ("acteurs == 'pole'", 1, "n’existe pas (peut-être «\u00a0acteur\u00a0»)"),
        (
            "acteur == 'pol'",
            11,
            "pas une réponse possible à «\u00a0acteur\u00a0» (peut-être «\u00a0pole",
        ),
        ("'pol' != acteur", 1, "pas une réponse possible"),
        ("acteur in ['pole', 'x']", 20, "pas une réponse possible"),
        ("secteur in ['x']", 13, "pas une réponse possible"),
        ("selected(secteur, 'agr')", 19, "pas une réponse possible"),
        ("count(satisfaction, 9) > 1", 21, "pas une réponse possible"),
        ("rank(rang, 'x') == 1", 12, "pas une réponse possible"),
        ("accord == 7", 11, "pas une réponse possible"),
        ("satisfaction.rd == '9'", 20, "pas une réponse possible"),
        ("satisfaction.zz == '4'", 1, "n’a pas de ligne «\u00a0zz\u00a0»"),
        ("acteur.other == 'x'", 1, "n’a pas de réponse «\u00a0autre\u00a0» à préciser"),
        ("acteur > 3", 8, "compare des nombres ou des dates, et «\u00a0acteur\u00a0» est un choix"),
        ("acteur == 3", 11, "pas une réponse possible"),
        ("acteur == effectif", 8, "ne se compare pas à un nombre"),
        ("acteur == true", 8, "se compare à true ou false"),
        ("secteur == 'agro'", 9, "écrivez selected(secteur, 'agro')"),
        ("satisfaction == '4'", 14, "ajoutez un point et le code de la ligne"),
        ("annexe == 'a'", 8, "écrivez answered(annexe)"),
        ("accepte == 'oui'", 9, "se compare à true ou false"),
        ("effectif == 'abc'", 10, "ne se lit pas comme un nombre"),
        ("effectif == adhesion", 10, "comparez l’année, year(adhesion)"),
        ("effectif < adhesion", 10, "comparez l’année, year(adhesion)"),
        ("adhesion > 2019", 10, "comparez l’année, year(adhesion)"),
        ("adhesion == 'hier'", 10, "comparez-la à une date"),
        ("organisme > 3", 11, "écrivez number(organisme)"),
        ("organisme < date('2022')", 11, "écrivez date(organisme)"),
        ("none > 1", 6, "l’absence de réponse"),
        ("acteur + 1", 1, "est un choix, pas un nombre"),
        ("-organisme", 2, "écrivez number(organisme)"),
        ("sum(organisme)", 5, "écrivez number(organisme)"),
        ("effectif * 'x'", 12, "ne se lit pas comme un nombre"),
        ("date('2022-13-01')", 6, "ne se lit pas comme une date"),
        ("year(organisme)", 6, "écrivez date(organisme)"),
        ("length(secteur)", 8, "est un choix multiple, pas un texte"),
        ("text(satisfaction)", 6, "est un tableau, pas une seule valeur"),
        ("matches(organisme, '(a')", 20, "motif refusé, signe 1"),
        ("matches(organisme, organisme)", 20, "écrivez le motif entre guillemets"),
        (
            "selected(effectif, '1')",
            10,
            "ne s’applique pas à «\u00a0effectif\u00a0», qui est un nombre",
        ),
        ("answered(effectif + 1)", 19, "attend d’abord la clé d’une question"),
        ("selecte(secteur, 'agro')", 1, "la fonction «\u00a0selecte\u00a0» n’existe pas"),
        ("selected(secteur)", 1, "attend 2 éléments entre parenthèses et en reçoit 1"),
        ("round(1, 2, 3)", 1, "attend 1 ou 2 éléments"),
        ("abs()", 1, "attend 1 élément entre"),
        ("sum()", 1, "attend au moins 1 élément entre"),
        ("acteur == 'pole' or 'epci'", 21, "répétez la comparaison"),
        ("accepte and effectif", 13, "écrivez answered(effectif) ou une comparaison"),
        ("not count(secteur)", 5, "comparez-le à une valeur"),
        ("if(effectif, 1, 2)", 4, "n’est pas une condition"),
    ],
)
def test_a_mistake_is_told_with_its_place(source: str, position: int, reason: str) -> None:
    found = errors(source)

    assert len(found) == 1, found
    assert found[0][0] == position
    assert reason in found[0][1]


def test_every_mistake_is_told_in_the_order_of_the_source() -> None:
    assert [place for place, _ in errors("x == 1 and acteur == 'y' and z(1)")] == [1, 22, 30]
    assert [place for place, _ in errors("acteur > organisme + 1")] == [8, 10]


def test_an_unknown_question_is_told_once_and_hides_nothing_else() -> None:
    assert [place for place, _ in errors("inconnu > 3 and inconnu + 1 == 2 or acteur > 1")] == [
        1,
        17,
        44,
    ]


def test_a_question_with_any_option_accepts_any_value() -> None:
    assert errors("commune == '00012'") == []
    assert errors("commune == 'x'") != []


def test_a_hostile_expression_is_checked_in_bounded_time_and_tells_fifty_mistakes() -> None:
    many = {f"question_{number}": SYMBOLS["commune"] for number in range(1000)}
    source = "+".join(["quest"] * 800)
    started = time.process_time()

    assert len(check(parse(source), many)) == 50
    assert time.process_time() - started < 5


def test_a_tree_made_by_a_program_is_checked_with_places() -> None:
    made = Expression(every(equals("acteur", "pole"), selected("secteur", "x")))

    assert [error.position for error in check(made, SYMBOLS)] == [40]
