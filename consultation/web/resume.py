"""The page that gives back what was typed and sends it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from consultation.web import kept
from consultation.web.access import public, requires
from consultation.web.asking import local_path

WORTH_READING = 20
blueprint = Blueprint("resume", __name__, url_prefix=kept.RESUME)


@dataclass(frozen=True, slots=True)
class Again:
    """What the template needs to send a form again to ``path``."""

    path: str
    fields: list[tuple[str, str]]
    secrets: list[str]
    files: list[tuple[str, str]]
    texts: list[str]


def again(form: kept.KeptForm | None = None) -> Again:
    """Prepare ``form``, by default that of this request, to be sent again."""
    form = form or kept.posted()
    texts = [
        value
        for name, value in form.fields
        if len(value.strip()) > WORTH_READING and not name.startswith("_")  # the page's own fields
    ]
    files = [(name, filename) for name, filename in form.files if filename]
    return Again(local_path(form.path), form.fields, form.secrets, files, texts)


def offer_again(title: str, form: kept.KeptForm | None = None, **context: Any) -> str:
    """Return the page that shows what was typed, with a new token and « Envoyer à nouveau »."""
    return render_template("web/again.html", title=title, again=again(form), **context)


@blueprint.get("")
@requires()
def show() -> ResponseReturnValue:
    """Show what was typed before the session was over."""
    form = kept.waiting()
    if form is None:
        return render_template("web/nothing.html")
    return offer_again("Votre texte est conservé", form, kept=True)


@blueprint.post("/effacer")
@public
def forget() -> ResponseReturnValue:
    """Throw away what was typed."""
    return kept.forget(make_response(redirect("/", 303)))
