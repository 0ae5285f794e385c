"""Questions drawn as the pages draw them, and read back as a browser would post them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html as lxml_html
from lxml.html import HtmlElement

from consultation.questionnaires.compiled import Item, compile_version
from consultation.questionnaires.drawing import Drawer, State
from consultation.questionnaires.format import decode
from consultation.questionnaires.kinds.question import Fields
from consultation.settings import ROOT
from consultation.web.typography import FILTERS
from tests.questionnaires.kinds.examples import questionnaire

TEMPLATES = Path(ROOT) / "templates"


def make_drawer() -> Drawer:
    """Return a drawer on the real templates."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(FILTERS)
    return Drawer(environment)


DRAWER = make_drawer()


def item_of(question: dict[str, Any]) -> Item:
    """Return the only question of a questionnaire, compiled."""
    return compile_version(decode(questionnaire(question))).items["q"]


def draw(item: Item, answers: dict[str, Any], language: str = "fr", **more: Any) -> HtmlElement:
    """Draw ``item`` inside a form."""
    state = State(
        offered=item.resolved,
        answer=answers.get(item.key),
        other=answers.get(f"{item.key}.other", ""),
        **more,
    )
    drawn = DRAWER.draw("essai", item, state, language)
    return lxml_html.fragment_fromstring(f"<form>{drawn}</form>")


def posted(form: HtmlElement) -> dict[str, list[str]]:
    """Return what a browser posts: line ends as it sends them, no button."""
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return fields


def read_back(item: Item, form: HtmlElement) -> dict[str, Any]:
    """Return the answers that posting ``form`` unchanged gives."""
    return item.kind.read(item.resolved, Fields(posted(form)))
