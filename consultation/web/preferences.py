"""The language of the contents and the theme, chosen by two buttons and kept in two cookies."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, Response, g, make_response, redirect, request

from consultation.web.access import public
from consultation.web.asking import local_path
from consultation.web.cookies import cookie_name, forget_cookie, set_cookie
from consultation.web.refusals import refuse

LANGUAGES = ("fr", "en")
THEMES = ("auto", "light")
YEAR = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")


def init_app(app: Flask) -> None:
    """Read both choices at the start of each request, as ``g.language`` and ``g.theme``."""
    with app.app_context():
        language, theme = cookie_name("langue"), cookie_name("theme")

    @app.before_request
    def read_choices() -> None:
        cookies = request.cookies
        g.language = "en" if cookies.get(language) == "en" else "fr"
        g.theme = "light" if cookies.get(theme) == "light" else "auto"


@blueprint.post("/langue")
@public
def choose_language() -> Response:
    """Choose the language of the contents."""
    return _remember("langue", LANGUAGES)


@blueprint.post("/theme")
@public
def choose_theme() -> Response:
    """Choose the theme: that of the system, or always light."""
    return _remember("theme", THEMES)


def _remember(name: str, allowed: tuple[str, ...]) -> Response:
    value = request.form.get(name, "")
    if value not in allowed:
        refuse(400, "Ce choix n’existe pas. Utilisez les boutons de la page.")
    response = make_response(redirect(local_path(request.form.get("retour")), 303))
    if value == allowed[0]:
        forget_cookie(response, name)
    else:
        set_cookie(response, name, value, YEAR)
    return response


def spoken(texts: Mapping[str, str]) -> str:
    """Return the language in which ``texts`` (language -> text) can be shown to the person."""
    for language in (g.get("language", "fr"), "fr"):
        if texts.get(language):
            return str(language)
    return next(iter(texts), "fr")


def translated(texts: Mapping[str, str] | str | None) -> str:
    """Return the text of ``texts`` in the person's language, else in French, else any."""
    if not texts:
        return ""
    return texts if isinstance(texts, str) else texts[spoken(texts)]
