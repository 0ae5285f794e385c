"""Questions of a small questionnaire, of every shape, that the tests of expressions share."""

from datetime import date

from consultation.questionnaires.expressions.symbols import Symbol

TODAY = date(2022, 3, 11)

SYMBOLS = {
    "acteur": Symbol("choice", frozenset({"particulier", "pole", "epci"})),
    "commune": Symbol("choice", frozenset(f"{number:05d}" for number in range(300))),
    "accord": Symbol("choice", frozenset({"1", "2", "3", "4", "5", "nsp"})),
    "secteur": Symbol("choices", frozenset({"agro", "mer", "autre"}), other=True),
    "rang": Symbol("choices", frozenset({"rd", "europe", "marche"})),
    "satisfaction": Symbol("rows", frozenset({"1", "2", "3", "4", "so"}), frozenset({"rd", "fin"})),
    "budget": Symbol("rows", None, frozenset({"etat", "regions", "prive"})),
    "effectif": Symbol("number"),
    "montant": Symbol("number"),
    "organisme": Symbol("text"),
    "adhesion": Symbol("date"),
    "accepte": Symbol("boolean"),
    "annexe": Symbol("file"),
}
