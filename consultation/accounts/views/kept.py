"""What the platform keeps about a person: a page to read, and a file to take away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from consultation.accounts import known, queries
from consultation.accounts.known import Known, as_json, known_of
from consultation.accounts.models import User
from consultation.accounts.rules.organisations import SIZES
from consultation.accounts.rules.roles import ROLES
from consultation.accounts.views.desk import SPACE, blueprint
from consultation.audit.queries import Criteria, events
from consultation.audit.wording import sentence
from consultation.db import db
from consultation.mail import queries as mail
from consultation.territories.queries import regions
from consultation.territories.reading import actor_types
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.typography import moment_fr, plural

FORMAT = "personal-data/1"
ENTRIES = 20
MOST_EVENTS = 1000
"""Events of the journal in the file, the latest ones."""


@blueprint.get(f"{SPACE}/donnees")
@requires()
def kept() -> ResponseReturnValue:
    """Show what is kept about the person."""
    return render("accounts/kept.html", known=known_of(db.session, current_user), most=ENTRIES)


@blueprint.get(f"{SPACE}/donnees.json")
@requires()
@limiter.limit("10 per minute")
def kept_json() -> ResponseReturnValue:
    """Give the same, whole, as a file."""
    found = {name: each.data for name, each in known_of(db.session, current_user).items()}
    data = as_json({"format": FORMAT, "made_at": now(), **found})
    answer = Response(json.dumps(data, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def account(session: Session, user: User) -> Known:
    """Say what the accounts keep about a person: profile, organisation, roles."""
    kinds = queries.kinds_of_credentials(session, [user.id])[user.id]
    signs_in = [word for kind, word in _CREDENTIALS.items() if kind in kinds]
    return Known(
        title="Votre compte et votre profil",
        lines=[
            ("Adresse électronique", user.email),
            ("Nom affiché", user.display_name),
            ("Type d’acteur", _actor_type(user)),
            ("Région", _region(session, user)),
            *_organisation(user),
            ("Rôles", ", ".join(ROLES[grant.role] for grant in user.grants) or "aucun"),
            ("Connexion par", ", ".join(["lien envoyé par courriel", *signs_in])),
            ("Compte créé le", moment_fr(user.created_at)),
        ],
        data=_account_data(user, sorted(kinds)),
    )


_CREDENTIALS = {"password": "mot de passe", "totp": "application de codes"}


def _actor_type(user: User) -> str:
    found = actor_types().get(user.actor_type or "")
    return found.french if found else "non renseigné"


def _region(session: Session, user: User) -> str:
    names = {region.code: region.name for region in regions(session)}
    return names.get(user.region_code or "", user.region_code or "non renseignée")


def _organisation(user: User) -> list[tuple[str, str]]:
    organisation = user.organisation
    if organisation is None:
        return [("Organisme", "aucun")]
    return [
        ("Organisme", organisation.name),
        ("SIRET", organisation.siret or "non renseigné"),
        ("Taille", SIZES.get(organisation.size or "", "non renseignée")),
    ]


def _account_data(user: User, kinds: list[str]) -> Mapping[str, Any]:
    organisation = user.organisation
    return {
        "email": user.email,
        "display_name": user.display_name,
        "actor_type": user.actor_type,
        "region": user.region_code,
        "created_at": user.created_at,
        "email_confirmed_at": user.email_confirmed_at,
        "last_sign_in_at": user.last_sign_in_at,
        "signs_in_with": kinds,
        "organisation": None
        if organisation is None
        else {
            "name": organisation.name,
            "actor_type": organisation.actor_type,
            "region": organisation.region_code,
            "size": organisation.size,
            "siret": organisation.siret,
        },
        "roles": [
            {"role": g.role, "consultation": g.consultation_id, "given_at": g.created_at}
            for g in user.grants
        ],
    }


def journal(session: Session, user: User) -> Known:
    """Say what the journal keeps about a person: what they did, with the dates."""
    found = events(session, Criteria(actor_id=user.id), limit=MOST_EVENTS)
    return Known(
        title="Vos connexions et vos actions",
        lines=[("Inscrites au journal", plural(len(found), "action", "actions"))],
        data=[
            {"at": e.at, "verb": e.verb, "subject": e.subject, "subject_id": e.subject_id}
            for e in found
        ],
        entries=[(e.at, f"{user.display_name} {sentence(e.verb)}") for e in found[:ENTRIES]],
    )


def letters(session: Session, user: User) -> Known:
    """Say which letters were written to a person; their words go once they are sent."""
    found = mail.written_to(session, user.email, limit=MOST_EVENTS)
    return Known(
        title="Courriels envoyés par la plateforme",
        lines=[("Courriels", plural(len(found), "courriel", "courriels"))],
        data=[{"subject": m.subject, "at": m.created_at, "sent_at": m.sent_at} for m in found],
        entries=[(m.created_at, m.subject) for m in found[:ENTRIES]],
    )


known.register("account", account, place=10)
known.register("letters", letters, place=80)
known.register("journal", journal, place=90)
