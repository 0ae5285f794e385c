"""Any questionnaire, any answers: a path is found, hiding takes nothing away for good."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.kinds.question import Fields
from consultation.questionnaires.path import left_open, offered, submitted, walk, with_hidden
from consultation.questionnaires.problems import problems

TODAY = date(2022, 2, 1)
KEYS = [f"q{n}" for n in range(9)]
VALUES = ("a", "b", "c")

keys = st.sampled_from(KEYS)
conditions = st.none() | st.one_of(
    st.builds("{} == 'a'".format, keys),
    st.builds("not answered({})".format, keys),
    st.builds("answered({}) or {} != 'b'".format, keys, keys),
    st.builds("{} == 'c' and not answered({})".format, keys, keys),
)


@st.composite
def questionnaires(draw: st.DrawFn) -> CompiledVersion:
    """Three sections of three questions; conditions read anything, themselves and rings included.

    Every third question keeps the options chosen in another one, every third has rows.
    """
    sections = []
    for place in range(3):
        questions = [asked(draw, key, n) for n, key in enumerate(KEYS[3 * place : 3 * place + 3])]
        section = {"key": f"s{place}", "title": {"fr": "Partie"}, "questions": questions}
        sections.append(section | relevant(draw))
    whole = {"code": "hasard", "title": {"fr": "Au hasard"}, "sections": sections}
    return compile_version(decode(whole))


def relevant(draw: st.DrawFn) -> dict[str, Any]:
    condition = draw(conditions)
    return {"relevant": condition} if condition else {}


def asked(draw: st.DrawFn, key: str, n: int) -> dict[str, Any]:
    parts = [{"value": v, "label": {"fr": v}, **relevant(draw)} for v in VALUES]
    question: dict[str, Any] = {"key": key, "label": {"fr": key}, **relevant(draw)}
    if n == 0:
        return question | {"kind": "single", "options": parts}
    if n == 1:
        return question | {"kind": "multiple", "options": parts}
    points = [{"value": v, "label": {"fr": v}} for v in VALUES]
    return question | {"kind": "matrix", "rows": parts, "points": points}


answers_to = {
    0: st.sampled_from(VALUES),
    1: st.lists(st.sampled_from(VALUES), min_size=1, unique=True).map(sorted),
    2: st.dictionaries(st.sampled_from(VALUES), st.sampled_from(VALUES), min_size=1),
}
all_answers = st.fixed_dictionaries(
    {}, optional={key: answers_to[n % 3] for n, key in enumerate(KEYS)}
)


@settings(deadline=None)
@given(questionnaires(), all_answers)
def test_any_answers_to_any_questionnaire_give_one_path(
    version: CompiledVersion, answers: dict[str, Any]
) -> None:
    before = repr(answers)
    path = walk(version, answers, TODAY)

    assert path == walk(version, answers, TODAY)
    assert repr(answers) == before
    assert path.shown <= version.items.keys()
    assert set(path.answers) <= path.shown
    assert {version.items[key].section for key in path.shown} <= path.sections
    assert walk(version, path.answers, TODAY).shown == path.shown
    assert set(submitted(version, path)) <= path.shown
    for problem in problems(version, path, TODAY):
        assert problem.key in path.shown


@settings(deadline=None)
@given(questionnaires(), all_answers, keys, st.data())
def test_what_one_answer_hides_comes_back_with_it(
    version: CompiledVersion, answers: dict[str, Any], key: str, data: st.DataObject
) -> None:
    """The draft keeps everything: only what is counted changes, and changes back."""
    first = walk(version, answers, TODAY)
    other = data.draw(answers_to[KEYS.index(key) % 3])
    changed = {**answers, key: other}
    walk(version, changed, TODAY)

    again = {**changed, key: answers[key]} if key in answers else without(changed, key)
    assert again == answers
    assert walk(version, again, TODAY) == first


@settings(deadline=None)
@given(questionnaires(), all_answers)
def test_saving_a_page_keeps_what_it_does_not_show(
    version: CompiledVersion, answers: dict[str, Any]
) -> None:
    """A page posted as it is drawn changes no answer, hidden options and rows included."""
    path = walk(version, answers, TODAY)
    for key, item in version.items.items():
        now = offered(item, path.answers, TODAY)
        drawn = left_open(item, answers.get(key), now)
        posted = item.kind.read(item.resolved, Fields(fields(key, drawn))).get(key)
        kept = with_hidden(item, posted, answers.get(key), now)
        assert kept == answers.get(key)


def fields(key: str, answer: Any) -> dict[str, list[str]]:
    if isinstance(answer, dict):
        return {f"{key}.{row}": [point] for row, point in answer.items()}
    return {key: [answer] if isinstance(answer, str) else list(answer or ())}


def without(answers: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: answer for name, answer in answers.items() if name != key}


def section(key: str, question: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "title": {"fr": key}, "questions": [question], **more}


def test_a_section_waits_for_the_question_that_opens_it() -> None:
    """The first question reads the third section, which the second section opens."""
    choice = {"kind": "single", "options": [{"value": v, "label": {"fr": v}} for v in VALUES]}
    label = {"label": {"fr": "?"}}
    sections = [
        section("un", {"key": "x", **choice, **label, "relevant": "z == 'a'"}),
        section("deux", {"key": "y", **choice, **label}),
        section("trois", {"key": "z", **choice, **label}, relevant="y == 'a'"),
    ]
    version = compile_version(decode({"code": "c", "title": {"fr": "C"}, "sections": sections}))
    path = walk(version, {"x": "b", "y": "a", "z": "a"}, TODAY)

    assert path.shown == {"x", "y", "z"}
    assert path.sections == {1, 2, 3}
