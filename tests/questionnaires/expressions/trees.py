"""Any tree and any answers, for the property tests."""

from datetime import date

from hypothesis import strategies as st

from consultation.questionnaires.expressions.functions import FUNCTIONS
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Constant,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
)

KEYS = ("acteur", "secteur", "satisfaction", "effectif", "adhesion", "accepte", "vide")
WORDS = ("agro", "mer", "1", "2", "1.0", "1 250,5", "2022-03", "2022-03-07", "", " ", "l'eau", "É")

numbers = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(
    -1e14, 1e14, allow_nan=False, allow_infinity=False
).map(lambda number: round(number, 6))
texts = st.sampled_from(WORDS) | st.text(max_size=8)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))

constants: st.SearchStrategy[Constant] = (
    st.builds(Text, texts)
    | st.builds(Number, st.integers(-3, 3) | numbers)
    | st.builds(Boolean, st.booleans())
    | st.just(Nothing())
)
parts = st.sampled_from((None, "rd", "fin", "other", "ligne 1", "l'eau", "\\"))
questions = st.builds(Reference, st.sampled_from(KEYS), parts)


def _operations(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(node, min_size=2, max_size=3).map(tuple)
    comparators = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
    sums = st.lists(st.tuples(st.sampled_from("+-"), node), min_size=1, max_size=2).map(tuple)
    products = st.lists(st.tuples(st.sampled_from("*/"), node), min_size=1, max_size=2).map(tuple)
    items = st.lists(constants, max_size=3).map(tuple)
    arguments = st.lists(node, max_size=3).map(tuple)
    return (
        st.builds(AllOf, several)
        | st.builds(AnyOf, several)
        | st.builds(Not, node)
        | st.builds(Comparison, comparators, node, node)
        | st.builds(Membership, node, items, st.booleans())
        | st.builds(Addition, node, sums)
        | st.builds(Multiplication, node, products)
        | st.builds(Opposite, node)
        | st.builds(Call, st.sampled_from((*FUNCTIONS, "inconnue")), arguments)
    )


trees: st.SearchStrategy[Node] = st.recursive(constants | questions, _operations, max_leaves=12)

scalars = texts | st.booleans() | st.integers() | st.floats() | st.none()
stored = (
    scalars
    | days.map(date.isoformat)
    | st.lists(scalars | st.fixed_dictionaries({"name": texts}), max_size=3)
    | st.dictionaries(st.sampled_from(("rd", "fin", "ligne 1", "typed")), scalars, max_size=3)
    | st.fixed_dictionaries({"typed": texts})
)
answers = st.dictionaries(st.sampled_from((*KEYS, "secteur.other", "acteur.rd")), stored)
nonsense = st.recursive(
    scalars | st.binary(max_size=3) | st.dates() | st.datetimes() | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
anything = st.dictionaries(st.sampled_from((*KEYS, "secteur.other")), nonsense)
