"""How delays are written. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from consultation.web.typography import NBSP, plural


def delay_fr(seconds: float | None) -> str:
    """Write a delay: « 12 min », « 5 h 20 », « 3 jours »."""
    if seconds is None:
        return "aucun"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{max(minutes, 1)}{NBSP}min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours}{NBSP}h{NBSP}{rest:02}"
    return plural(hours // 24, "jour", "jours")


def ago_fr(then: datetime, now: datetime) -> str:
    """Write how long ago something was: « il y a 2 h 05 », « à l’instant »."""
    elapsed = max(now - then, timedelta(0))
    if elapsed < timedelta(minutes=1):
        return "à l’instant"
    return f"il y a {delay_fr(elapsed.total_seconds())}"
