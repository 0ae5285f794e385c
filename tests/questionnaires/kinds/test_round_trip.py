"""Whatever a person answers, the page gives it back: drawn, posted unchanged, read again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.compiled import Item
from consultation.questionnaires.kinds.question import Fields, is_typed
from tests.questionnaires.kinds.drawn import draw, item_of, read_back

# Letters, signs and spaces of any writing; what no request may hold (NUL, lone surrogates) and
# what HTML itself changes (other controls) are refused before any view.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t<>&\"'"), max_size=60
).map(str.strip)
LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=40)
VALUES = [f"v{n}" for n in range(12)]
OPTIONS = [{"value": v, "label": {"fr": f"Option {v}"}} for v in VALUES]
WITH_OTHER = [*OPTIONS, {"value": "x", "label": {"fr": "Autre"}, "other": True}]
ROWS = [{"value": f"r{n}", "label": {"fr": f"Ligne {n}"}} for n in range(4)]
NUMBERS = st.integers(-(10**14), 10**14) | st.decimals(
    -(10**8), 10**8, allow_nan=False, places=6
).map(float).map(lambda n: int(n) if n.is_integer() else n)


def asked(kind: str, **more: Any) -> Item:
    return item_of({"kind": kind, "key": "q", "label": {"fr": "Votre réponse"}, **more})


SINGLE = asked("single", options=WITH_OTHER)
MENU = asked("single", options=OPTIONS, display="select")
MULTIPLE = asked("multiple", options=WITH_OTHER)
SCALE = asked("scale", points=OPTIONS)
MATRIX = asked("matrix", points=OPTIONS, rows=ROWS)
RANKING = asked("ranking", options=OPTIONS)
NUMBER = asked("number")
ALLOCATION = asked("allocation", rows=ROWS)
SHORT = asked("short_text")
LONG = asked("long_text")
DAY = asked("date", precision="day")
MONTH = asked("date", precision="month")
YEAR = asked("date", precision="year")
CONSENT = asked("consent", statement={"fr": "J’accepte."})
SHUFFLED = asked("multiple", options=OPTIONS, random_order=True)


def gives_back(item: Item, answers: dict[str, Any]) -> None:
    """The page posted unchanged means the same; so does what was saved and read as JSON."""
    stored = json.loads(json.dumps(answers))
    for language in ("fr", "en"):
        assert read_back(item, draw(item, stored, language)) == answers


@given(st.sampled_from(VALUES))
def test_a_choice(value: str) -> None:
    for item in (SINGLE, MENU, SCALE):
        gives_back(item, {"q": value})


@given(LINES)
def test_a_choice_with_its_words(text: str) -> None:
    gives_back(SINGLE, {"q": "x", "q.other": text.strip()} if text.strip() else {"q": "x"})


@given(st.lists(st.sampled_from(VALUES), min_size=1, unique=True), st.integers(0, 9))
def test_several_choices_in_the_order_of_the_options(values: list[str], seed: int) -> None:
    ordered = sorted(values, key=VALUES.index)
    gives_back(MULTIPLE, {"q": ordered})
    assert read_back(SHUFFLED, draw(SHUFFLED, {"q": ordered}, seed=seed)) == {"q": ordered}


@given(st.lists(st.sampled_from(VALUES), min_size=1, unique=True))
def test_a_ranking_in_its_own_order(values: list[str]) -> None:
    gives_back(RANKING, {"q": values})


@given(
    st.dictionaries(
        st.sampled_from([r["value"] for r in ROWS]), st.sampled_from(VALUES), min_size=1
    )
)
def test_the_rows_of_a_matrix(rows: dict[str, str]) -> None:
    gives_back(MATRIX, {"q": rows})


@given(NUMBERS)
def test_a_number(number: float) -> None:
    gives_back(NUMBER, {"q": number})


@given(st.dictionaries(st.sampled_from([r["value"] for r in ROWS]), NUMBERS, min_size=1))
def test_shares(shares: dict[str, float]) -> None:
    gives_back(ALLOCATION, {"q": shares})


@given(LINES)
def test_a_line_of_text(text: str) -> None:
    gives_back(SHORT, {"q": text})


@given(TEXTS)
def test_paragraphs(text: str) -> None:
    gives_back(LONG, {"q": text} if text else {})


@given(st.dates())
def test_a_date(day: Any) -> None:
    gives_back(DAY, {"q": day.isoformat()})
    gives_back(MONTH, {"q": day.isoformat()[:7]})
    gives_back(YEAR, {"q": day.isoformat()[:4]})


def test_a_consent_and_no_answer_at_all() -> None:
    gives_back(CONSENT, {"q": True})
    for item in (SINGLE, MENU, MULTIPLE, SCALE, MATRIX, RANKING, NUMBER, ALLOCATION, SHORT):
        gives_back(item, {})
    for item in (LONG, DAY, CONSENT):
        gives_back(item, {})


@given(st.sampled_from([SINGLE, MULTIPLE, NUMBER, SHORT, LONG, RANKING, MENU]), st.lists(LINES))
def test_whatever_is_typed_is_an_answer_or_is_kept_as_typed(item: Item, values: list[str]) -> None:
    answers = item.kind.read(item.resolved, Fields({"q": values, "q.other": values}))

    if is_typed(answers.get("q")):
        assert item.kind.errors(item.resolved, answers, "fr")
    draw(item, answers)
