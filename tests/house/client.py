"""A test client that inspects every page it meets, in the manner of a visitor who complains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import Context
from hashlib import blake2b
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from consultation.db import db
from tests.house.budgets import budget_of
from tests.house.page_rules import faults_of, malformations_of
from tests.house.statements import counted_statements

_TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')

_without_a_fault: set[bytes] = set()
"""Digests of pages found good, tokens aside: half of the pages of a run were seen before."""

_parsed_strictly: set[tuple[str | None, str]] = set()
"""Endpoint and status already given to the slow parser: templates repeat themselves."""


class InspectingClient(FlaskClient):
    """Refuses, with every fault named, a page that breaks a rule or sends too many statements.

    Each request runs in an empty context, as in production: the session and the signed-in person
    of the test itself are invisible to it. What the test wrote in its own session is committed
    first, and what it read is read again after.
    """

    def run_wsgi_app(
        self, environ: dict[str, Any], buffered: bool = False
    ) -> tuple[Iterable[bytes], str, Any]:
        """Send one request and inspect its answer; redirections followed come here one by one."""
        settle_the_session_of_the_test()
        endpoint = self._endpoint_of(environ)
        statements, (body, status, headers) = Context().run(self._ask, environ)
        faults = _over_budget(statements, endpoint)
        if _is_a_page(status, headers):
            body = [b"".join(body)]
            faults += _page_faults(body[0].decode("utf-8"), endpoint, status)
            if "default-src 'none'" not in headers.get("Content-Security-Policy", ""):
                faults.append("no strict Content-Security-Policy")
        if faults:
            place = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ({endpoint}, {status})"
            raise AssertionError("\n  - ".join([place, *faults]))
        return body, status, headers

    def _ask(self, environ: dict[str, Any]) -> tuple[list[str], Any]:
        with counted_statements() as statements:
            # Read to its end here: what a stream asks of the database counts, and files close.
            return statements, super().run_wsgi_app(environ, buffered=True)

    def _endpoint_of(self, environ: dict[str, Any]) -> str | None:
        try:
            return self.application.url_map.bind_to_environ(environ).match()[0]
        except HTTPException:
            return None


def settle_the_session_of_the_test() -> None:
    """Commit the sessions of the current application context and forget what they hold."""
    if has_app_context():
        db.session.commit()
        db.session.expire_all()


def _over_budget(statements: list[str], endpoint: str | None) -> list[str]:
    budget = budget_of(endpoint)
    if len(statements) <= budget:
        return []
    listed = "\n      ".join(" ".join(statement.split())[:160] for statement in statements)
    return [f"{len(statements)} SQL statements, {budget} allowed:\n      {listed}"]


def _is_a_page(status: str, headers: Any) -> bool:
    kind, _ = parse_options_header(headers.get("Content-Type"))
    return kind == "text/html" and not status.startswith("3")


def _page_faults(html: str, endpoint: str | None, status: str) -> list[str]:
    if not html:
        return []  # the answer to HEAD
    faults = _faults_of_new(html)
    if (endpoint, status) not in _parsed_strictly:
        faults += malformations_of(html)
        _parsed_strictly.add((endpoint, status))
    return faults


def _faults_of_new(html: str) -> list[str]:
    """Return the faults of ``html``; a good page is read once, whatever its token if it has one."""
    digest = blake2b(_TOKEN.sub(r"\1token", html).encode(), digest_size=16).digest()
    if digest in _without_a_fault:
        return []
    faults = faults_of(html)
    if not faults:
        _without_a_fault.add(digest)
    return faults
