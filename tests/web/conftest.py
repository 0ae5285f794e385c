"""A few pages of our own inside the real application: one of each access."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, g, jsonify, render_template_string, request
from flask_login import LoginManager, UserMixin

from consultation.web import kept
from consultation.web.access import public, register_scope, requires
from consultation.web.limits import limiter
from tests import databases
from tests.house.client import InspectingClient


@dataclass(frozen=True)
class Ground:
    """What roles are held on, in these tests."""

    id: int
    slug: str


@dataclass
class Person(UserMixin):
    """Somebody signed in, with roles as (role, ground or None)."""

    id: str
    email: str
    grants: tuple[tuple[str, int | None], ...] = ()

    @property
    def staff(self) -> bool:
        return bool(self.grants)

    def holds(self, role: str, ground_id: int | None) -> bool:
        return (role, ground_id) in self.grants


PEOPLE = {
    "emile": Person("emile", "emile@example.org"),
    "claire": Person("claire", "claire@example.org", (("organiser", 1),)),
    "lea": Person("lea", "lea@example.org", (("moderator", 1),)),
    "awa": Person("awa", "awa@example.org", (("administrator", None),)),
}


DESK = (
    '{% extends "staff.html" %}{% block title %}Bureau{% endblock %}'
    "{% block main %}<h1>Bureau</h1>{% endblock %}"
)


@pytest.fixture(scope="session")
def furnished_apps() -> Iterator[dict[str, Flask]]:
    """One application with the pages of these tests per database."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        databases.close(app)


@pytest.fixture
def app(database: str, furnished_apps: dict[str, Flask], worker_folder: Path) -> Iterator[Flask]:
    """The application with the pages of these tests under ``/essai``."""
    if database not in furnished_apps:
        furnished_apps[database] = _furnished(databases.build(database, worker_folder))
    with databases.lent(furnished_apps[database]) as app:
        yield app


def _furnished(app: Flask) -> Flask:
    LoginManager(app).user_loader(PEOPLE.get)
    _add_pages(app)
    register_scope("ground", lambda slug: Ground(1, slug) if slug == "poles" else None)
    app.test_client_class = InspectingClient
    return app


@pytest.fixture
def person(client):
    """Open the session of one of ``PEOPLE`` in ``client``; call it without a name to close it."""

    def sign_in(name: str | None) -> None:
        with client.session_transaction() as session:
            session.clear()
            if name:
                session["_user_id"] = name
                session["_fresh"] = True

    return sign_in


@pytest.fixture
def token(client):
    """Return the token of a page that ``client`` has open."""

    def read() -> str:
        html = client.get("/aide").text
        return html.partition('name="csrf_token" value="')[2].partition('"')[0]

    return read


def _add_pages(app: Flask) -> None:
    def echo(**_arguments: object):
        return jsonify({name: request.form.getlist(name) for name in request.form})

    def refilled(**_arguments: object):
        typed = kept.waiting_for(request.path)
        return jsonify(typed.to_dict(flat=False) if typed else {})

    def form(**arguments: object):
        return echo(**arguments) if request.method == "POST" else refilled(**arguments)

    def fail(**_arguments: object):
        raise RuntimeError("this page fails on purpose")

    both = ["GET", "POST"]
    rules = (
        ("/essai/ouverte", "ouverte", public(echo)),
        ("/essai/privee", "privee", requires()(echo)),
        ("/essai/reprise", "reprise", kept.refills(requires()(form))),
        ("/essai/site", "site", requires("administrator", of="site")(echo)),
        ("/essai/<slug>/equipe", "equipe", requires("organiser", of="ground")(_ground)),
        ("/essai/<slug>/bureau", "bureau", requires("organiser", of="ground")(_desk)),
        ("/essai/<slug>/modere", "modere", requires("moderator", of="ground")(_desk)),
        ("/essai/<slug>/file", "file", requires("moderator", "organiser", of="ground")(_ground)),
        ("/essai/<int:number>/page", "numero", public(echo)),
        ("/essai/panne", "panne", public(fail)),
        ("/essai/limite", "limite", public(limiter.limit("2 per minute")(_limited))),
    )
    for path, endpoint, view in rules:
        app.add_url_rule(path, f"essai.{endpoint}", view, methods=both)


def _ground(slug: str):
    return jsonify(slug=slug, ground=g.ground.id)


def _desk(slug: str):
    g.consultation = g.ground
    return render_template_string(DESK)


def _limited():
    return jsonify(ok=True)
