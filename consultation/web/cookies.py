"""The cookies beside the session: never readable by a script, ``__Host-`` on https."""

from __future__ import annotations

from flask import Response, current_app


def cookie_name(name: str) -> str:
    """Return the name that the browser sees."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    """Give the browser the cookie ``name`` for ``seconds``."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def forget_cookie(response: Response, name: str) -> None:
    """Ask the browser to drop the cookie ``name``."""
    set_cookie(response, name, "", 0)
