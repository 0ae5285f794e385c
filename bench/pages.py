"""What each page of a questionnaire costs: statements, CPU, HTML, on GET and on POST."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.bare import app as bare_app
from bench.site import build, invite, open_consultation
from bench.visitor import Answer, Visitor, median_ms, statements
from consultation.db import db
from consultation.questionnaires.compiled import CompiledSection, CompiledVersion, Item

REPEATS = 40
WARM_UP = 5
PAGES_AT_MOST, SAMPLED = 8, 4
"""A questionnaire of more pages is measured on a few, evenly spread over it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one kind of request to one page."""

    statements: int
    cpu_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a questionnaire, and a bare page measured just before it."""

    questions: int
    number: int
    asked: int
    bare: Cost
    get: Cost
    post: Cost


def measure_pages(questions: int) -> Iterator[Page]:
    """Yield the cost of the pages of the questionnaire of that many questions."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Path(folder))
        with app.app_context():
            consultation, version = open_consultation(db.session, questions)
            (user_id,) = invite(db.session, consultation, version, ["somebody"])
            root = f"/consultations/{consultation.slug}/contribution"
        visitor = Visitor(app, user_id)
        for section in _spread(version):
            yield _measured(visitor, questions, version, section, f"{root}/{section.number}")


def _spread(version: CompiledVersion) -> list[CompiledSection]:
    if len(version.sections) <= PAGES_AT_MOST:
        return list(version.sections)
    return list(version.sections[:: len(version.sections) // SAMPLED])[:SAMPLED]


def _measured(
    visitor: Visitor, questions: int, version: CompiledVersion, section: CompiledSection, path: str
) -> Page:
    bare = measure_bare()
    shown = [visitor.get(path) for _ in range(WARM_UP + REPEATS)][WARM_UP:]
    with statements() as asked:
        last = visitor.get(path)
    get = Cost(len(asked), median_ms(shown), len(last.body))
    return Page(
        questions=questions,
        number=section.number,
        asked=len([item for item in section.items if item.name != "statement"]),
        bare=bare,
        get=get,
        post=_posted(visitor, version, section, path),
    )


def _posted(
    visitor: Visitor, version: CompiledVersion, section: CompiledSection, path: str
) -> Cost:
    """Save the section again and again, each time with another answer, so that it is written."""
    form = visitor.form(path)
    item = next(i for i in section.items if _can_vary(version, i, form))
    saves = []
    for turn in range(WARM_UP + REPEATS):
        _vary(item, form, turn)
        saves.append(_save(visitor, path, form))
    with statements() as sent:
        _vary(item, form, len(saves))
        last = _save(visitor, path, form)
    return Cost(len(sent), median_ms(saves[WARM_UP:]), len(last.body))


def _save(visitor: Visitor, path: str, form: dict[str, list[str]]) -> Answer:
    answer = visitor.post(path, form)
    if answer.status not in (302, 303):
        raise RuntimeError(f"POST {path} answered {answer.status}")
    form["_revision"] = [str(int(form["_revision"][0]) + 1)]
    return answer


_VARIED = ("matrix", "short_text", "long_text", "scale", "single", "multiple", "ranking")


def _can_vary(version: CompiledVersion, item: Item, form: dict[str, list[str]]) -> bool:
    """Whether another answer to ``item`` changes nothing else on the pages."""
    if item.key in version.triggers or item.name not in _VARIED:
        return False
    if getattr(item.question, "pattern", None):
        return False
    return any(name.split(".")[0] == item.key and name in form for name in _names(item))


def _names(item: Item) -> list[str]:
    if item.name == "matrix":
        return [f"{item.key}.{row.value}" for row in item.resolved.rows]
    return [item.key]


def _vary(item: Item, form: dict[str, list[str]], turn: int) -> None:
    name = _names(item)[0]
    options = [option.value for option in item.resolved.options if not option.exclusive]
    if item.name in ("short_text", "long_text"):
        form[name] = [f"Une autre version du texte, la {turn}"]
    elif item.name == "ranking":
        form[name] = form[name][1:] + form[name][:1]
    else:
        form[name] = [options[turn % 2]]


def measure_bare() -> Cost:
    """Return the cost of a bare Flask page that renders a template of about 10 kB."""
    visitor = Visitor(bare_app)
    answers = [visitor.get("/") for _ in range(WARM_UP + 3 * REPEATS)][WARM_UP:]
    return Cost(0, median_ms(answers), len(answers[0].body))
