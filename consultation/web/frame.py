"""The frame of every page: the clock, the rendering, and all that surrounds the views."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from consultation.web import (
    asking,
    assets,
    errors,
    kept,
    limits,
    pages,
    preferences,
    resume,
    security,
    typography,
)
from consultation.web.access import rule_of
from consultation.web.numbers import WholeNumber
from consultation.web.sessions import SignedSessions

csrf = CSRFProtect()


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the organiser's space; the address of ``endpoint`` takes a ``slug``.

    ``key`` is what a page gives as ``here``.
    """

    key: str
    label: str
    endpoint: str


def now() -> datetime:
    """Return the present moment, aware and in UTC, read from the clock of the application."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def render(template: str, **context: Any) -> str:
    """Render a page; ``errors``, a list of (anchor, sentence), makes the summary on top."""
    return render_template(template, **context)


def staff_tabs(consultation: Any) -> list[Tab]:
    """Return the tabs that the person may open on ``consultation``, in their order."""
    tabs: Iterable[Tab] = current_app.extensions.get("staff_tabs", ())
    return [tab for tab in tabs if _opens(tab, consultation)]


def _opens(tab: Tab, consultation: Any) -> bool:
    rule = rule_of(tab.endpoint)
    return rule is not None and (
        rule.public
        or not rule.roles
        or any(current_user.holds(role, consultation.id) for role in rule.roles)
    )


def set_staff_tabs(app: Flask, tabs: Iterable[Tab]) -> None:
    """Choose the tabs of the organiser's space among those whose page exists."""
    app.extensions["staff_tabs"] = [tab for tab in tabs if tab.endpoint in app.view_functions]


def init_app(app: Flask) -> None:
    """Put the frame around ``app``; call it before the blueprints of the rooms."""
    app.config.update(
        WTF_I18N_ENABLED=False, WTF_CSRF_SSL_STRICT=False, TEMPLATES_AUTO_RELOAD=app.debug
    )
    app.url_map.converters["int"] = WholeNumber
    app.session_interface = SignedSessions()
    preferences.init_app(app)
    security.init_app(app)
    csrf.init_app(app)
    limits.init_app(app)
    errors.init_app(app)
    kept.init_app(app)
    assets.init_app(app)
    for module in (preferences, resume, pages):
        app.register_blueprint(module.blueprint)
    _dress_templates(app)
    _trust_proxies(app, app.extensions["settings"].trusted_proxies)


def _trust_proxies(app: Flask, count: int) -> None:
    """Believe what ``count`` proxies in front say of the visitor's address, and nobody else."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _dress_templates(app: Flask) -> None:
    settings = app.extensions["settings"]
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(typography.FILTERS)
    environment.filters["t"] = preferences.translated
    environment.globals.update(
        demonstration=settings.environment == "demonstration",
        contact_email=settings.contact_email,
        publisher=settings.publisher,
        accessibility_status=pages.ACCESSIBILITY_STATUS,
        staff_tabs=staff_tabs,
        this_page=asking.this_page,
        spoken=preferences.spoken,
        is_staff=is_staff,
    )


def is_staff(person: Any) -> bool:
    """Tell whether ``person`` holds any role, on a consultation or on the site."""
    return bool(getattr(person, "staff", False))


def language() -> str:
    """Return the language that the person chose for the contents: ``fr`` or ``en``."""
    chosen: str = g.get("language", "fr")
    return chosen
