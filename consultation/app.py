"""The factory: with the commands, the only place that knows every room."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from flask import Flask

from consultation import settings as settings_module
from consultation.accounts.views import session as sessions
from consultation.cli import register as commands
from consultation.consultations.queries import by_slug
from consultation.db import db, read_plainly
from consultation.settings import ROOT, Settings
from consultation.tasks import queue as tasks
from consultation.web import frame
from consultation.web.access import register_scope
from consultation.web.templates import Templates, keep_compiled

ROOMS_WITH_MODELS = (
    "audit",
    "mail",
    "territories",
    "accounts",
    "questionnaires",
    "consultations",
    "responses",
    "transparency",
    "coauthors",
    "invitations",
    "comments",
    "moderation",
    "results",
    "exports",
)
"""Rooms that own tables, from the ground up."""

VIEWS: tuple[str, ...] = (
    "consultation.accounts.views.routes",
    "consultation.consultations.views.routes",
    "consultation.comments.views.routes",
    "consultation.moderation.views.routes",
    "consultation.responses.views.routes",
    "consultation.coauthors.views.routes",
    "consultation.authoring.views.routes",
    "consultation.authoring.views.schema",
    "consultation.transparency.views",
    "consultation.invitations.views.routes",
    "consultation.results.views",
    "consultation.exports.views",
)
"""Modules that hold a ``blueprint``, in the order of the rooms."""

WORK = {
    "mail": 1,
    "invitations": 1,
    "openings": 1,
    "consultations": 1,
    "authoring": 60,
    "audit": 1,
    "accounts": 60,
    "comments": 60,
    "address-books": 60,
    "opening-requests": 60,
    "co-authors": 60,
    "results": 5,
    "exports": 1,
    "transparency": 2,
}
"""The functions of ``consultation.working``, and how many minutes apart they run at most."""

READ_BY_EVERYBODY = ("accounts", "consultations", "comments", "responses", "coauthors")
"""Blueprints whose pages are asked for most, and stream no rows."""

STAFF_TABS = (
    frame.Tab("dashboard", "Tableau de bord", "consultations.dashboard"),
    frame.Tab("questionnaire", "Questionnaire", "authoring.editor"),
    frame.Tab("settings", "Réglages", "consultations.settings"),
    frame.Tab("invitations", "Invitations", "invitations.index"),
    frame.Tab("moderation", "Modération", "moderation.queue"),
    frame.Tab("results", "Résultats", "results.explore"),
    frame.Tab("exports", "Exports", "exports.index"),
    frame.Tab("team", "Équipe", "consultations.team"),
)
"""The tabs of the organiser's space; each person sees those whose page they may open."""


class Application(Flask):
    """Flask, for views that are plain functions and templates that share what they import."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func``: looking whether each hook is a coroutine is 15 questions a page."""
        return func


def create_app(settings: Settings | None = None, environ: Mapping[str, str] = os.environ) -> Flask:
    """Build the application from ``settings``, or from ``environ`` when none is given."""
    settings = settings or settings_module.load(environ)
    app = Application(
        "consultation",
        root_path=str(ROOT),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.instance_path),
    )
    app.config.update(_configuration(settings))
    app.extensions["settings"] = settings
    app.extensions["clock"] = lambda: datetime.now(UTC)
    _make_folders(settings)
    keep_compiled(app, settings.instance_path / "templates")
    _open_database(app, settings)
    _furnish(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "ALEMBIC": {"script_location": str(ROOT / "migrations")},
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 3 * 1024 * 1024,
        "MAX_FORM_PARTS": 3000,
        "SESSION_COOKIE_SECURE": settings.cookies_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-session" if settings.cookies_secure else "session",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "TESTING": settings.environment == "test",
    }


def _make_folders(settings: Settings) -> None:
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    settings.files_path.mkdir(parents=True, exist_ok=True)


def _open_database(app: Flask, settings: Settings) -> None:
    for room in ROOMS_WITH_MODELS:
        _import_if_furnished(f"consultation.{room}.models")
    db.init_app(app, settings.database_url)
    read_plainly(app, READ_BY_EVERYBODY)


def _import_if_furnished(name: str) -> None:
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise


def _furnish(app: Flask) -> None:
    frame.init_app(app)
    sessions.init_app(app)
    _schedule(app)
    register_scope("consultation", lambda slug: by_slug(db.session, slug))
    for name in VIEWS:
        app.register_blueprint(import_module(name).blueprint)
    frame.set_staff_tabs(app, STAFF_TABS)
    commands.register(app)


def _schedule(app: Flask) -> None:
    """Say what the worker does in the background, and how many minutes apart at most."""
    queue = tasks.init_app(app)
    for name, minutes in WORK.items():
        queue.register(name, _work(name), every=minutes)


def _work(name: str) -> Callable[[], None]:
    def run() -> None:
        # Here and not above: the servers of pages would carry what only this needs.
        from consultation import working

        getattr(working, name.replace("-", "_"))()

    return run
