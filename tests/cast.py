"""The permanent cast of the tests: the same people everywhere.

Émile answers in his own name, Nadia for her company; Claire organises, Léa moderates, Awa
administers the site. Each function returns the person, created on the first call.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.accounts import actions, queries
from consultation.accounts.hashing import quick
from consultation.accounts.models import Credential, Membership, Organisation, User

BIRTH = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
"""When every account of the cast was created and confirmed."""

PASSWORD = "Grenouille-verte-42"
"""The password of everyone."""

_HASH = quick().hash(PASSWORD)


def emile(session: Session) -> User:
    """Émile Roux, a private individual in Brittany, without any role."""
    return _person(session, "emile@example.org", "Émile Roux", "particulier", "53")


def nadia(session: Session) -> User:
    """Nadia Benali, who answers for a company of Lyon."""
    user = _person(session, "nadia@example.org", "Nadia Benali", "entreprise_pme", "84")
    if user.membership is None:
        _join(session, user, "Optique du Rhône", "entreprise_pme", "84", "pme", "55210055400013")
    return user


def claire(session: Session, consultation_id: int | None = None) -> User:
    """Claire Morvan, of Régions de France: organiser of one consultation, or of the whole site."""
    user = _person(session, "claire@example.org", "Claire Morvan", "association", "11")
    if user.membership is None:
        _join(session, user, "Régions de France", "association", "11", "pme", None)
    return _granted(session, user, "organiser", consultation_id)


def lea(session: Session, consultation_id: int | None = None) -> User:
    """Léa Martin: moderator of one consultation, or of the whole site."""
    user = _person(session, "lea@example.org", "Léa Martin", "association", "11")
    return _granted(session, user, "moderator", consultation_id)


def awa(session: Session) -> User:
    """Awa Diallo, administrator of the site."""
    user = _person(session, "awa@example.org", "Awa Diallo", "association", "11")
    return _granted(session, user, "administrator", None)


def sign_in(client: FlaskClient, user: User) -> None:
    """Open a session for ``user`` in ``client``, as the sign-in page would."""
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = user.get_id()
        cookie["_fresh"] = True
        cookie["since"] = int(client.application.extensions["clock"]().timestamp())
        cookie["second_factor"] = True


def sign_out(client: FlaskClient) -> None:
    """Forget the session of ``client``."""
    with client.session_transaction() as cookie:
        cookie.clear()


def _person(session: Session, email: str, name: str, actor_type: str, region: str) -> User:
    known = queries.by_email(session, email)
    if known:
        return known
    user = User(
        email=email,
        display_name=name,
        email_confirmed_at=BIRTH,
        created_at=BIRTH,
        actor_type=actor_type,
        region_code=region,
        session_version=1,
    )
    session.add(user)
    session.flush()
    session.add(Credential(user_id=user.id, kind="password", secret=_HASH, created_at=BIRTH))
    session.commit()
    return user


def _join(
    session: Session,
    user: User,
    name: str,
    actor_type: str,
    region: str,
    size: str,
    siret: str | None,
) -> None:
    organisation = Organisation(
        name=name,
        actor_type=actor_type,
        region_code=region,
        size=size,
        siret=siret,
        siren=siret[:9] if siret else None,
        created_at=BIRTH,
    )
    user.membership = Membership(organisation=organisation, created_at=BIRTH)
    session.commit()


def _granted(session: Session, user: User, role: str, consultation_id: int | None) -> User:
    actions.grant_role(session, user, role, consultation_id, actor_id=None, now=BIRTH)
    session.commit()
    return user
