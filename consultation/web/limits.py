"""How often the same address may ask: counted in Redis when several nodes share the work."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from consultation.settings import SettingsError

limiter = Limiter(get_remote_address, strategy="moving-window")
"""A view says its own limit, under its access: ``@limiter.limit("5 per minute")``."""


def init_app(app: Flask) -> None:
    """Choose where the counts are kept."""
    redis = app.extensions["settings"].redis_url
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis or "memory://")
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", bool(redis))
    if redis and find_spec("redis") is None:
        raise SettingsError(
            "Install the redis package, or unset REDIS_URL to count in each process."
        )
    hooks: tuple[dict[Any, list[Any]], ...] = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    )
    before = [list(hook[None]) for hook in hooks]
    limiter.init_app(app)
    # A limited view checks its own limit. The other pages are spared the search for one, the
    # headers that we do not send and the refunds that no limit makes.
    for hook, functions in zip(hooks, before, strict=True):
        hook[None] = functions
