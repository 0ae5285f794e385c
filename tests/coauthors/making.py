"""Make the response of an organisation, and the people who write it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.actions.opening import Opening, open_response
from consultation.consultations.models import Consultation
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.responses.making import NOW


def shared(session: Session, consultation: Consultation, founder: User, *authors: User) -> Response:
    """Open the response of the organisation of ``founder``, who signs; ``authors`` join."""
    assert consultation.version_id is not None
    opening = Opening(consultation.id, consultation.version_id, NOW)
    number = open_response(session, founder, opening)
    for author in authors:
        session.add(
            CoAuthor(
                response_id=number, user_id=author.id, role="author", entry="domain", joined_at=NOW
            )
        )
    session.commit()
    response = session.get(Response, number)
    assert response is not None
    return response


def colleague(session: Session, email: str = "paul@ailleurs.fr") -> User:
    """Paul, whose profile has the SIREN of Nadia's company and whose address has not its domain."""
    person = cast._person(session, email, "Paul Rival", "entreprise_pme", "84")
    if person.membership is None:
        cast._join(session, person, "Optique SA", "entreprise_pme", "84", "pme", "55210055400013")
    return person


def other_company(session: Session, email: str = "ines@verrerie.fr") -> User:
    """Inès, of another company."""
    person = cast._person(session, email, "Inès Verrier", "entreprise_pme", "84")
    if person.membership is None:
        cast._join(session, person, "Verrerie SA", "entreprise_pme", "84", "pme", "73282932000074")
    return person
