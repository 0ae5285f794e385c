"""Make an open consultation on the real questionnaire, and answer it like a browser does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.compiled import CompiledSection
from consultation.questionnaires.format import Questionnaire, decode
from consultation.questionnaires.path import walk
from consultation.questionnaires.queries import compiled, forget_compiled
from consultation.questionnaires.starters.shelf import starter
from consultation.responses import actions, drafts, reading
from consultation.responses.models import Response, Submission
from consultation.responses.rules import Respondent
from consultation.responses.submission import Sending, submission_row
from tests import cast
from tests.consultations.making import a_consultation

NOW = datetime(2022, 2, 10, 13, 32, tzinfo=UTC)
"""A Thursday, 14 h 32 in Paris: the consultation is open."""


def clock(app: Flask, moment: datetime = NOW) -> None:
    """Stop the clock of the application at ``moment``."""
    app.extensions["clock"] = lambda: moment


def poles(session: Session, **changes: Any) -> Consultation:
    """Open the consultation of 2022 with its real questionnaire."""
    return consulted(session, starter("poles_2022"), **changes)


def consulted(
    session: Session, questionnaire: Questionnaire | dict[str, Any], **changes: Any
) -> Consultation:
    """Open a consultation on ``questionnaire``."""
    forget_compiled()
    if isinstance(questionnaire, dict):
        questionnaire = decode(questionnaire)
    consultation = a_consultation(session, **changes)
    version = publish_version(
        session, questionnaire, lineage="essai", actor_id=None, now=consultation.created_at
    )
    consultation.version_id = version.id
    session.commit()
    return consultation


def short(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a questionnaire of one section."""
    sections = [{"key": "avis", "title": {"fr": "Votre avis"}, "questions": list(questions)}]
    return {"code": "courte", "title": {"fr": "Courte"}, "sections": sections, **more}


@dataclass
class Form:
    """A form of a page, as a browser would post it."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def but(self, **changes: Any) -> dict[str, Any]:
        """Return the fields with ``changes``; double underscores stand for dots."""
        return {**self.fields, **{k.replace("__", "."): v for k, v in changes.items()}}


def form_of(page: TestResponse, marker: str = "_revision") -> Form:
    """Return the form of ``page`` that holds the field ``marker``."""
    document = lxml_html.document_fromstring(page.get_data(as_text=True))
    (form,) = document.xpath(f"//form[.//*[@name='{marker}']]")
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return Form(form.get("action") or page.request.path, fields)


def begin(client: FlaskClient, user: User, slug: str = "poles") -> None:
    """Sign ``user`` in and begin their response."""
    cast.sign_in(client, user)
    page = client.get(f"/consultations/{slug}")
    token = token_of(page)
    answer = client.post(
        f"/consultations/{slug}/contribution/commencer", data={"csrf_token": token}
    )
    assert answer.status_code == 303, answer.text


def token_of(page: TestResponse) -> str:
    """Return the token that the forms of ``page`` hold."""
    document = lxml_html.document_fromstring(page.get_data(as_text=True))
    return str(document.xpath("//input[@name='csrf_token']/@value")[0])


def section(number: int, slug: str = "poles") -> str:
    """Return the address of a section."""
    return f"/consultations/{slug}/contribution/{number}"


def answer(
    client: FlaskClient, number: int, answers: Mapping[str, Any], **more: Any
) -> TestResponse:
    """Open a section, type ``answers`` in its form, press « Enregistrer et continuer »."""
    form = form_of(client.get(section(number)))
    data = {**form.fields, **fields_of(answers), **more}
    return client.post(form.action, data=data)


def fields_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a browser posts for ``answers``, given as they are stored."""
    fields: dict[str, Any] = {}
    for key, value in answers.items():
        if isinstance(value, dict):
            fields |= {f"{key}.{row}": str(point) for row, point in value.items()}
        elif isinstance(value, list):
            fields[key] = [str(part) for part in value]
        else:
            fields[key] = str(value)
    return fields


def sent_without_a_draft(
    session: Session, consultation: Consultation, user: User, answers: dict[str, Any]
) -> Submission:
    """Send ``answers`` for ``user`` as a program does: no section is saved."""
    response = session.scalars(select(Response).where(Response.user_id == user.id)).one()
    assert consultation.version_id is not None
    version = compiled(session, consultation.version_id)
    path = walk(version, answers, NOW.date())
    sending = Sending(
        consultation.id, consultation.version_id, version, path, Respondent(user.id), NOW.date()
    )
    sent = Submission(**submission_row(response.id, sending, answers, 1, "secret", NOW))
    session.add(sent)
    session.flush()
    response.submission_id, response.status = sent.id, "sent"
    session.commit()
    return sent


def saved(
    session: Session,
    consultation: Consultation,
    user: User,
    sections: Mapping[int, Mapping[str, Any]],
    now: datetime = NOW,
) -> None:
    """Save sections for ``user``, whose response begins if it had not, without their pages."""
    assert consultation.version_id is not None
    version = compiled(session, consultation.version_id)
    whose = {"consultation_id": consultation.id, "user_id": user.id}
    actions.start(session, **whose, version_id=consultation.version_id, now=now)
    draft = drafts.draft(session, consultation.id, user.id)
    assert draft is not None
    for number, answers in sections.items():
        part = version.sections[number - 1]
        key = part.section.key
        revision = actions.save_section(
            session,
            response_id=draft.response_id,
            user_id=user.id,
            section=key,
            answers=_typed(part, answers),
            seen=draft.revision(key),
            now=now,
        )
        assert revision is not None
    session.commit()


def _typed(part: CompiledSection, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``answers`` as the page of the section reads them."""
    fields = {name: [v] if isinstance(v, str) else v for name, v in fields_of(answers).items()}
    return reading.read(part, reading.posted(fields), {}, {item.key for item in part.items})


def sent(session: Session, consultation: Consultation, user: User, now: datetime = NOW) -> None:
    """Send the draft of ``user`` without its pages."""
    draft = drafts.draft(session, consultation.id, user.id)
    assert draft is not None and consultation.version_id is not None
    version, organisation = compiled(session, consultation.version_id), user.organisation
    own = (organisation.id, organisation.siren) if organisation else (None, None)
    sending = Sending(
        consultation.id,
        consultation.version_id,
        version,
        walk(version, draft.answers, now.date()),
        Respondent(user.id, *own, user.actor_type, user.region_code),
        now.date(),
    )
    actions.submit(session, draft, sending, secret="secret", now=now)
    session.commit()
