"""Conditions read aloud, as organisers see them in the editor."""

import pytest

from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.sentence import Label, to_sentence

LABELS = {
    "acteur": Label(
        "À quel titre répondez-vous\u00a0?", {"particulier": "Particulier", "pole": "Pôle"}
    ),
    "secteur": Label("Vos filières", {"agro": "Agriculture", "mer": "Mer", "autre": "Autre"}),
    "accord": Label("Votre avis", {"1": "Pas d’accord", "5": "D’accord"}),
    "satisfaction": Label("Satisfaction", {"4": "Tout à fait"}, {"rd": "Recherche"}),
    "effectif": Label("Effectif"),
    "adhesion": Label("Date d’adhésion"),
    "accepte": Label("J’accepte"),
}

SENTENCES = {
    "acteur != 'particulier' and selected(secteur, 'agro')": (
        "si « À quel titre répondez-vous ? » n’est pas « Particulier » "
        "et « Vos filières » comprend « Agriculture »"
    ),
    "acteur in ['pole', 'particulier']": (
        "si « À quel titre répondez-vous ? » est « Pôle » ou « Particulier »"
    ),
    "acteur not in ['pole', 'epci']": (
        "si « À quel titre répondez-vous ? » n’est ni « Pôle » ni « epci »"
    ),
    "accord == 1": "si « Votre avis » est « Pas d’accord »",
    "not selected(secteur, 'mer')": "si « Vos filières » ne comprend pas « Mer »",
    "not not selected(secteur, 'mer')": "si « Vos filières » comprend « Mer »",
    "satisfaction.rd == 4": "si « Recherche » (« Satisfaction ») est « Tout à fait »",
    "count(secteur) >= 2": "si le nombre de réponses à « Vos filières » atteint 2",
    "count(secteur) < 2": "si le nombre de réponses à « Vos filières » n’atteint pas 2",
    "effectif > 1250.5": "si « Effectif » dépasse 1 250,5",
    "effectif <= 250": "si « Effectif » ne dépasse pas 250",
    "not effectif <= 250": "si « Effectif » dépasse 250",
    "10 < effectif": "si « Effectif » dépasse 10",
    "effectif == 3": "si « Effectif » vaut 3",
    "effectif != accord": "si « Effectif » n’a pas la même réponse que « Votre avis »",
    "adhesion < date('2022-03-07')": "si « Date d’adhésion » est avant le 7 mars 2022",
    "adhesion >= '2022-03'": "si « Date d’adhésion » est mars 2022 ou après",
    "adhesion == date('2022-03-01')": "si « Date d’adhésion » est le 1er mars 2022",
    "adhesion > today()": "si « Date d’adhésion » est après aujourd’hui",
    "year(adhesion) == 2022": "si l’année de « Date d’adhésion » vaut 2022",
    "answered(effectif)": "si « Effectif » a une réponse",
    "effectif == none": "si « Effectif » n’a pas de réponse",
    "effectif != ''": "si « Effectif » a une réponse",
    "accepte": "si « J’accepte » est coché",
    "not accepte": "si « J’accepte » n’est pas coché",
    "accepte == false": "si « J’accepte » n’est pas coché",
    "secteur.other == 'x'": "si la précision apportée à « Vos filières » est « x »",
    "accepte and (effectif > 1 or accord == 5)": (
        "si « J’accepte » est coché et (« Effectif » dépasse 1 ou « Votre avis » est « D’accord »)"
    ),
    "not (accepte or effectif > 1)": (
        "s’il est faux que (« J’accepte » est coché ou « Effectif » dépasse 1)"
    ),
    "accepte and effectif > 1 and accord == 5": (
        "si « J’accepte » est coché, « Effectif » dépasse 1 et « Votre avis » est « D’accord »"
    ),
    "contains(secteur.other, 'a')": ("si la précision apportée à « Vos filières » contient « a »"),
    "not matches(acteur, '[a-z]+')": (
        "si « À quel titre répondez-vous ? » ne suit pas le motif « [a-z]+ »"
    ),
    "rank(secteur, 'mer') == 1": "si le rang de « Mer » dans « Vos filières » vaut 1",
    "sum(effectif, accord) * 2 == 100": (
        "si (la somme de « Effectif » et « Votre avis ») × 2 vaut 100"
    ),
    "effectif / 4 + 1": "(« Effectif » ÷ 4) + 1",
    "if(accepte, 'a', 'b')": "(« a » si « J’accepte » est coché, sinon « b »)",
    "round(effectif, 2)": "l’arrondi de « Effectif » à 2 décimales",
    "true": "dans tous les cas",
    "acteur in []": "dans aucun cas",
    "inconnue == 'x'": "si « inconnue » est « x »",
}


@pytest.mark.parametrize("source", SENTENCES)
def test_a_condition_reads_as_a_sentence(source: str) -> None:
    assert to_sentence(parse(source), LABELS).replace("\u00a0", " ") == SENTENCES[source]


def test_the_spaces_of_french_quotation_marks_do_not_break() -> None:
    said = to_sentence(parse("effectif > 1250.5 or accord == 1"), LABELS)

    assert "«\u00a0Effectif\u00a0» dépasse 1\u00a0250,5" in said
