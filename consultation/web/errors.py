"""The pages of what did not work: what happened, and what the person can do now."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from consultation.web import access, kept, limits, resume
from consultation.web.asking import this_page, wants_json
from consultation.web.nearest import nearest_page
from consultation.web.refusals import Refused
from consultation.web.typography import NBSP, plural


@dataclass(frozen=True, slots=True)
class Explanation:
    """The heading and the sentence of one status."""

    title: str
    sentence: str


EXPLANATIONS = {
    400: Explanation(
        "Cette demande est incomplète",
        "Revenez à la page précédente, vérifiez ce que vous avez saisi, puis recommencez.",
    ),
    401: Explanation("Connectez-vous pour continuer", "Votre session est terminée."),
    403: Explanation(
        "Cette page ne vous est pas ouverte",
        "Demandez l’accès à l’équipe de la consultation, ou connectez-vous avec un autre compte.",
    ),
    404: Explanation(
        "Cette page n’existe pas",
        "Vérifiez l’adresse, ou retrouvez la page depuis la liste des consultations.",
    ),
    405: Explanation(
        "Cette adresse ne s’ouvre pas ainsi",
        "Passez par les liens et les boutons du site.",
    ),
    409: Explanation(
        "Cette page a changé entre-temps",
        "Rechargez la page pour voir la version la plus récente, puis recommencez.",
    ),
    410: Explanation(
        "Cette page a été retirée",
        "Retrouvez les autres pages depuis la liste des consultations.",
    ),
    413: Explanation(
        "Votre envoi est trop lourd",
        f"Un envoi fait 12{NBSP}Mo au maximum. Revenez à la page précédente et joignez "
        "un fichier plus petit ou raccourcissez le texte.",
    ),
    414: Explanation("Cette adresse est trop longue", "Revenez à la page précédente."),
    415: Explanation(
        "Ce format n’est pas accepté",
        "Revenez à la page précédente et utilisez le formulaire.",
    ),
    422: Explanation(
        "Certaines réponses sont à corriger",
        "Revenez à la page précédente et vérifiez ce que vous avez saisi.",
    ),
    429: Explanation("Trop de demandes à la suite", "Attendez une minute, puis réessayez."),
    500: Explanation(
        "Une erreur est survenue de notre côté",
        "Ce que vous aviez enregistré est conservé. Réessayez dans quelques minutes.",
    ),
    503: Explanation(
        "Le service est momentanément indisponible",
        "Ce que vous aviez enregistré est conservé. Réessayez dans quelques minutes.",
    ),
}
LAST_RESORT = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>{0.title}</title>'
    '<h1>{0.title}</h1><p>{0.sentence}</p><p><a href="/">Revenir aux consultations</a></p></html>'
)


def init_app(app: Flask) -> None:
    """Show our pages instead of the framework's."""
    app.register_error_handler(CSRFError, explain_expired_page)
    app.register_error_handler(kept.NotKeptError, explain_not_kept)
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(OperationalError, explain_unavailable)


def explain(error: HTTPException) -> ResponseReturnValue:
    """Show the page of ``error`` with its own status and headers."""
    if error.code is None or error.response is not None:
        return error
    explanation = _explanation(error)
    if isinstance(error, MethodNotAllowed) and (page := _page_above()):
        return redirect(page, 303)
    if wants_json():
        return _with_headers(jsonify(error=explanation.sentence), error)
    return _with_headers(make_response(_page(error.code, explanation)), error)


def _page_above() -> str | None:
    if request.method not in ("GET", "HEAD") or wants_json():
        return None
    adapter = current_app.create_url_adapter(request)
    return nearest_page(adapter) if adapter else None


def explain_expired_page(error: CSRFError) -> ResponseReturnValue:
    """Give back what was typed with a new token, or keep it until the person signs in again."""
    rule = access.rule_of(request.endpoint)
    if rule is not None and not rule.public and not current_user.is_authenticated:
        return _ask_to_sign_in()
    if wants_json():
        sentence = "Cette page est ouverte depuis longtemps. Envoyez à nouveau."
        return jsonify(error=sentence, csrf_token=generate_csrf()), 400
    return resume.offer_again("Cette page est restée ouverte longtemps"), 400


def _ask_to_sign_in() -> ResponseReturnValue:
    """Ask from an error handler, where the framework does not handle a second error."""
    try:
        return access.ask_to_sign_in()
    except kept.NotKeptError as error:
        return explain_not_kept(error)
    except HTTPException as error:
        return explain(error)


def explain_not_kept(_error: kept.NotKeptError) -> ResponseReturnValue:
    """Give back what was typed in the page itself, and lead to the sign-in beside it."""
    title = "Connectez-vous, puis envoyez à nouveau"
    return resume.offer_again(title, sign_in=access.SIGN_IN), 400


def explain_unavailable(error: OperationalError) -> ResponseReturnValue:
    """Say that the database does not answer; the details go to the log only."""
    current_app.logger.error("the database does not answer", exc_info=error)
    explanation = EXPLANATIONS[503]
    answer = jsonify(error=explanation.sentence) if wants_json() else _page(503, explanation)
    return answer, 503, {"Retry-After": "30"}


def _explanation(error: HTTPException) -> Explanation:
    code = error.code or 500
    usual = EXPLANATIONS.get(code) or EXPLANATIONS[400 if code < 500 else 500]
    if isinstance(error, Refused):
        return Explanation(usual.title, error.description or usual.sentence)
    if code == 429:
        return Explanation(usual.title, f"Attendez {_wait()}, puis réessayez.")
    return usual


def _wait() -> str:
    limit = limits.limiter.current_limit
    seconds = max(1, round(limit.reset_at - time.time())) if limit else 60
    if seconds < 120:
        return plural(seconds, "seconde", "secondes")
    return plural(-(-seconds // 60), "minute", "minutes")


def _page(code: int, explanation: Explanation) -> str:
    try:
        return render_template(
            "errors/error.html" if code < 500 else "errors/failure.html",
            code=code,
            title=explanation.title,
            sentence=explanation.sentence,
            here=this_page(),
            again=resume.again() if code == 429 and request.method == "POST" else None,
        )
    except Exception:
        if code < 500:
            raise
        current_app.logger.exception("the page of an error could not be drawn")
        return LAST_RESORT.format(explanation)


def _with_headers(response: Response, error: HTTPException) -> Response:
    response.status_code = error.code or 500
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response
