"""A kind is complete: a file, a template, an example, and a page that gives back its answer."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from consultation.questionnaires import kinds
from consultation.questionnaires.drawing import State
from consultation.questionnaires.kinds import question, table
from consultation.questionnaires.kinds.question import Fields
from tests.house.page_rules import faults_of
from tests.questionnaires.kinds.drawn import TEMPLATES, draw, item_of, make_drawer, read_back
from tests.questionnaires.kinds.examples import EXAMPLES

PAGE = (
    '<!doctype html><html lang="fr"><head><title>Partie | Site</title></head><body><main>'
    '<h1>Partie</h1><svg hidden><symbol id="i-alert"></symbol></svg><p id="sensible">…</p>{}'
    "</main></body></html>"
)
SHARED = {"choosing", "question", "sentences", "table"}
CASES = [(name, answers) for name, (_, found) in EXAMPLES.items() for answers in found]


def names(folder: Any, suffix: str) -> set[str]:
    return {file.name.removesuffix(suffix) for file in folder.glob(f"*{suffix}")}


def test_every_kind_has_a_file_a_template_and_an_example() -> None:
    files = names(TEMPLATES.parent / "consultation/questionnaires/kinds", ".py") - {"__init__"}

    assert files - SHARED == set(table.KINDS)
    assert names(TEMPLATES / "questionnaires/kinds", ".html") == set(table.KINDS)
    assert set(EXAMPLES) == set(table.KINDS)
    assert kinds.__doc__ and question.__doc__


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_good_definition(name: str) -> None:
    item = item_of(EXAMPLES[name][0])

    assert item.kind.check(item.resolved) == []


@pytest.mark.parametrize(("name", "answers"), CASES)
def test_an_answer_to_an_example_is_accepted(name: str, answers: dict[str, Any]) -> None:
    item = item_of(EXAMPLES[name][0])

    if answers:
        said = item.kind.errors(item.resolved, answers, "fr")
        assert [s for s in said if "manque" not in s] == []
        assert item.kind.display(item.resolved, answers, "fr")


@pytest.mark.parametrize(("name", "answers"), [case for case in CASES if case[0] != "file"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_posted_unchanged_gives_back_the_answer(
    name: str, answers: dict[str, Any], language: str
) -> None:
    item = item_of(EXAMPLES[name][0])

    assert read_back(item, draw(item, answers, language)) == answers


@pytest.mark.parametrize(("name", "answers"), [*CASES, *((name, {}) for name in EXAMPLES)])
def test_a_question_follows_the_rules_of_every_page(name: str, answers: dict[str, Any]) -> None:
    item = item_of(EXAMPLES[name][0])
    error = "choisissez une réponse" if name not in ("statement", "consent") else ""
    for language in ("fr", "en"):
        form = draw(item, answers, language, error=error)
        fields = "".join(child.tag and _html(child) for child in form)
        assert faults_of(PAGE.format(fields)) == []


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n not in ("statement", "consent")])
def test_an_error_is_tied_to_its_question_and_has_an_anchor(name: str) -> None:
    item = item_of(EXAMPLES[name][0])
    form = draw(item, {}, error="choisissez une réponse")

    (message,) = form.xpath(".//*[@id='e-q']")
    described = form.xpath(".//*[contains(concat(' ', @aria-describedby, ' '), ' e-q ')]")
    assert "Choisissez une réponse" in message.text_content()
    assert described
    assert form.xpath(".//*[@id='f-q']")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_hidden_question_still_posts_its_answer(name: str) -> None:
    item = item_of(EXAMPLES[name][0])
    answers = EXAMPLES[name][1][0]
    form = draw(item, answers, hidden=True)

    assert form.xpath("./*[@id='q-q']/@hidden")
    if name not in ("file", "statement"):
        assert read_back(item, form) == answers


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("single", {"q": ["zzz"]}),
        ("multiple", {"q": ["a", "zzz"]}),
        ("matrix", {"q.r1": ["zzz"]}),
        ("ranking", {"q": ["zzz"]}),
        ("number", {"q": ["environ 250"]}),
        ("allocation", {"q.r1": ["la moitié"]}),
        ("date", {"q.month": ["13"], "q.year": ["2014"]}),
        ("reference", {"q": ["zzz"]}),
    ],
)
def test_what_is_not_an_answer_is_shown_again_as_typed(
    name: str, fields: dict[str, list[str]]
) -> None:
    item = item_of(EXAMPLES[name][0])
    answers = item.kind.read(item.resolved, Fields(fields))

    assert answers["q"].keys() == {"typed"}
    assert item.kind.errors(item.resolved, answers, "fr")
    form = draw(item, answers, error="corrigez")
    if name in ("number", "allocation", "date"):
        assert read_back(item, form) == answers


def fresh(asked: dict[str, Any], language: str = "fr") -> Any:
    """Draw a question that this process has never drawn."""
    item = item_of(asked)
    return lxml_html.fragment_fromstring(
        f"<form>{make_drawer().draw('essai', item, State(item.resolved), language)}</form>"
    )


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n != "statement"])
def test_why_a_question_is_asked_is_said_beside_it(name: str) -> None:
    asked = EXAMPLES[name][0] | {"why": {"fr": "Pour compter.", "en": "To count."}}
    for language, words in (("fr", "Pour compter."), ("en", "To count.")):
        drawn = fresh(asked, language)
        [fold] = drawn.xpath(".//details")
        assert words in fold.text_content()


@pytest.mark.parametrize(
    ("least", "most", "french", "english"),
    [
        (None, 2, "2 réponses au plus", "Up to 2 answers"),
        (2, None, "2 réponses au moins", "At least 2 answers"),
        (2, 2, "2 réponses exactement", "Exactly 2 answers"),
        (2, 3, "De 2 à 3 réponses", "From 2 to 3 answers"),
    ],
)
def test_how_many_answers_is_said_before_they_are_counted(
    least: int | None, most: int | None, french: str, english: str
) -> None:
    asked = EXAMPLES["multiple"][0] | {"min_choices": least, "max_choices": most}

    assert fresh(asked).xpath(".//*[@id='h-q']/text()") == [french]
    assert fresh(asked, "en").xpath(".//*[@id='h-q']/text()") == [english]


def test_each_respondent_keeps_an_order_of_their_own_and_other_stays_last() -> None:
    options = [{"value": v, "label": {"fr": v}} for v in "abcdefgh"]
    last = [
        {"value": "x", "label": {"fr": "Autre"}, "other": True},
        {"value": "nsp", "label": {"fr": "Sans avis"}, "no_opinion": True},
    ]
    item = item_of(EXAMPLES["multiple"][0] | {"options": [*options, *last], "random_order": True})

    def order(seed: int, **more: Any) -> str:
        state = State(item.resolved, seed=seed, **more)
        form = lxml_html.fragment_fromstring(
            f"<form>{make_drawer().draw('essai', item, state, 'fr')}</form>"
        )
        return "".join(form.xpath(".//input[@type='checkbox']/@value"))

    assert order(7) == order(7, answer=["a"], error="choisissez") != "abcdefghxnsp"
    assert len({order(seed) for seed in range(20)}) > 15
    assert all(order(seed).endswith("xnsp") for seed in range(20))


def test_the_words_of_a_person_are_not_kept_once_drawn() -> None:
    drawer, words = make_drawer(), "Ce que je pense vraiment"
    for name, answers in (
        ("long_text", {"q": words}),
        ("short_text", {"q": words}),
        ("single", {"q": "x", "q.other": words}),
    ):
        item = item_of(EXAMPLES[name][0])
        state = State(item.resolved, answers["q"], answers.get("q.other", ""))
        assert words in drawer.draw("essai", item, state, "fr")
    quoting = State(item.resolved, quotes={"avis": words})
    drawer.draw("essai", item, quoting, "fr")

    assert words not in repr(vars(drawer._drawn))


def _html(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html"))
