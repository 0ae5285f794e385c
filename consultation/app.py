"""The factory: with the commands, the only place that knows every room."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask
from flask_alembic import Alembic
from sqlalchemy.orm import Session, sessionmaker

from consultation import settings as settings_module
from consultation.accounts.keeping import forget_what_is_over
from consultation.accounts.views import session as sessions
from consultation.audit.actions import seal
from consultation.authoring.confirming import ask_to_confirm
from consultation.cli import register as commands
from consultation.coauthors.keeping import tidy as tidy_teams
from consultation.comments.actions import forget_unconfirmed
from consultation.consultations.announcing import announce
from consultation.consultations.queries import by_slug
from consultation.db import Base, db, engine_options, prepare_engine
from consultation.exports.background import make_waiting
from consultation.invitations.keeping import forget_what_is_over as forget_old_invitations
from consultation.invitations.planning import post_due
from consultation.lib.file_store import FileStore
from consultation.mail.delivery import deliver_due
from consultation.results.warming import warm
from consultation.settings import ROOT, Settings
from consultation.tasks import queue as tasks
from consultation.transparency.actions import extend
from consultation.transparency.rules import signing_key
from consultation.web import frame
from consultation.web.access import register_scope

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

alembic = Alembic(metadatas=Base.metadata)


def create_app(settings: Settings | None = None, environ: Mapping[str, str] = os.environ) -> Flask:
    """Build the application from ``settings``, or from ``environ`` when none is given."""
    settings = settings or settings_module.load(environ)
    app = Flask(
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
    _open_database(app)
    _furnish(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_ENGINES": {
            "default": {"url": settings.database_url, **engine_options(settings.database_url)}
        },
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


def _open_database(app: Flask) -> None:
    for room in ROOMS_WITH_MODELS:
        _import_if_furnished(f"consultation.{room}.models")
    db.init_app(app)
    _forget_async_sessions(app)
    with app.app_context():
        prepare_engine(db.engine)
    alembic.init_app(app)


def _forget_async_sessions(app: Flask) -> None:
    # The extension closes asynchronous sessions after each request; we have none, and the event
    # loop it makes for that costs 0.8 ms of CPU and fails where a loop already runs.
    app.teardown_appcontext_funcs[:] = [
        function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)
    ]


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

    def clock() -> datetime:
        moment: datetime = app.extensions["clock"]()
        return moment

    def in_one_commit(action: Callable[[Session, datetime], object]) -> Callable[[], None]:
        def work() -> None:
            action(db.session, clock())
            db.session.commit()

        return work

    settings = app.extensions["settings"]
    queue.register("mail", lambda: deliver_due(sessionmaker(db.engine), settings, clock))
    queue.register("invitations", lambda: _invite(queue, settings, clock))
    address = settings.public_url
    queue.register("consultations", lambda: _announce(queue, settings, clock))
    ask = in_one_commit(lambda session, moment: ask_to_confirm(session, address, moment))
    queue.register("authoring", ask, every=60)
    queue.register("audit", in_one_commit(lambda session, _now: seal(session)))
    queue.register("accounts", in_one_commit(forget_what_is_over), every=60)
    queue.register("comments", in_one_commit(forget_unconfirmed), every=60)
    queue.register("address-books", in_one_commit(forget_old_invitations), every=60)
    queue.register("co-authors", in_one_commit(tidy_teams), every=60)
    queue.register("results", lambda: warm(db.session), every=5)
    files = FileStore(settings.files_path / "exports")
    queue.register("exports", lambda: make_waiting(sessionmaker(db.engine), files, clock))
    key = signing_key(settings.secret_key)
    queue.register(
        "transparency", in_one_commit(lambda session, now: extend(session, key, now)), every=2
    )


def _announce(queue: tasks.Queue, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Tell the teams of what opens and closes."""
    told = announce(db.session, settings.public_url, clock())
    db.session.commit()
    if told:
        queue.wake("mail")


def _invite(queue: tasks.Queue, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Post the invitations and reminders that are due, and let them leave at once."""
    if post_due(sessionmaker(db.engine), settings, clock):
        queue.wake("mail")
