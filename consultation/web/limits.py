"""How often the same address may ask: counted in Redis when several nodes share the work."""

from __future__ import annotations

from importlib.util import find_spec

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
    limiter.init_app(app)
    _check_limited_views_only(app)


def _check_limited_views_only(app: Flask) -> None:
    """Spare the other pages a search for limits: a decorated view checks its own."""
    app.before_request_funcs[None].remove(limiter._check_request_limit)
