"""Who may call an endpoint: every view says ``@public`` or ``@requires(...)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from flask import current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound

from consultation.web import kept
from consultation.web.asking import this_page, wants_json
from consultation.web.refusals import refuse

SIGN_IN = "/connexion"
WAITING = "Votre session est terminée. Connectez-vous\u00a0: votre texte vous attend."
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """The rule of one endpoint: ``roles`` (any of them) held on ``of``; none = signed in."""

    public: bool
    roles: tuple[str, ...] = ()
    of: str | None = None


class Scope(Protocol):
    """What a role is held on."""

    @property
    def id(self) -> int: ...


Loader = Callable[[str], Scope | None]
_loaders: dict[str, Loader] = {}


def register_scope(name: str, loader: Loader) -> None:
    """Say how to find, from the ``<slug>`` of the address, what the roles of ``name`` are held on.

    ``loader`` returns ``None`` when there is none (the person then sees a 404).
    """
    _loaders[name] = loader


def find_scope(name: str, slug: str) -> Any:
    """Return what ``slug`` names, kept as ``g.<name>``; raise a 404 when there is none."""
    found = _loaders[name](slug)
    if found is None:
        raise NotFound
    setattr(g, name, found)
    return found


def public(view: View) -> View:
    """Open ``view`` to everybody."""
    view.access = Access(public=True)  # type: ignore[attr-defined]
    return view


def requires(*roles: str, of: str | None = None) -> Callable[[View], View]:
    """Keep the view for signed-in people who hold one of ``roles`` on ``of``.

    ``@requires()``: signed in. ``of="consultation"``: the address holds ``<slug>`` and the view
    finds ``g.consultation``. ``of=None`` or ``"site"`` with roles: held on the whole site.
    """
    rule = Access(public=False, roles=roles, of=of)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return ask_to_sign_in()
            _check(rule, arguments)
            answer: ResponseReturnValue = view(**arguments)
            return answer

        guarded.access = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def rule_of(endpoint: str | None) -> Access | None:
    """Return the rule of ``endpoint``, or ``None`` when it has none or does not exist."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", None)


def _check(rule: Access, arguments: dict[str, Any]) -> None:
    held_on = None
    if rule.of not in (None, "site"):
        held_on = find_scope(str(rule.of), arguments["slug"]).id
    if rule.roles and not any(current_user.holds(role, held_on) for role in rule.roles):
        raise Forbidden


def ask_to_sign_in() -> ResponseReturnValue:
    """Send the person to the sign-in page; what was typed waits for them on the way back."""
    if wants_json():
        refuse(401, "Votre session a expiré. Connectez-vous pour enregistrer la suite.")
    if request.method in ("GET", "HEAD"):
        where = this_page()
    else:
        where = kept.put_aside()
        flash(WAITING, "warn")
    return redirect(f"{SIGN_IN}?suite={quote(where, safe='/')}")
