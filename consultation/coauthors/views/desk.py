"""What the pages of co-authors share: the blueprint, who may compose the team, the letters."""

from __future__ import annotations

from flask import Blueprint, current_app, url_for

from consultation.accounts.models import User
from consultation.audit.wording import describe
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.letters import About, Written
from consultation.coauthors.queries.official import Known
from consultation.coauthors.rules.joining import domain_of
from consultation.db import db
from consultation.mail.actions import post
from consultation.responses.draft import Draft, Shared
from consultation.responses.views.desk import Desk, desk
from consultation.settings import Settings
from consultation.web.frame import now
from consultation.web.refusals import refuse

blueprint = Blueprint("coauthors", __name__)
ROOT = "/consultations/<slug>/contribution/organisme"
ONE = f"{ROOT}/<int:shared>"
NOT_SIGNATORY = "Seul un signataire compose l’équipe. Demandez-le à l’un d’eux."

describe(
    {
        "open_official_response": "a ouvert la contribution d’un organisme",
        "join_response": "a fait entrer une personne dans une contribution",
        "leave_response": "a fait sortir une personne d’une contribution",
        "name_signatory": "a nommé un signataire",
        "step_down_signatory": "a retiré une signature",
        "set_domain": "a changé le domaine qui permet de rejoindre",
        "invite_co_author": "a invité à rédiger une contribution",
        "invite_co_author_again": "a renvoyé une invitation à rédiger",
        "revoke_co_author_invitation": "a révoqué une invitation à rédiger",
        "ask_to_join_response": "a demandé à participer à une contribution",
        "decline_to_join_response": "a décliné une demande de participer",
        "appoint_signatory": "a désigné le signataire d’un organisme",
        "correct_siren": "a corrigé le SIREN d’un organisme",
        "rename_organisation": "a changé l’organisme d’une contribution",
        "merge_responses": "a réuni deux contributions d’organismes",
        "free_siren": "a libéré le SIREN d’une contribution reprise",
    }
)


def co_author(shared: int) -> tuple[Desk, Draft, Shared]:
    """Return the desk, the draft and the organisation of a co-author; a 404 for anybody else."""
    at = desk(shared)
    draft = at.draft()
    assert draft is not None and draft.shared is not None  # noqa: S101 - a 404 otherwise
    return at, draft, draft.shared


def signatory(shared: int) -> tuple[Desk, Draft, Shared]:
    """Return the same for a signatory; refuse the other co-authors."""
    at, draft, organisation = co_author(shared)
    if not organisation.signs:
        refuse(403, NOT_SIGNATORY)
    return at, draft, organisation


def scene(at: Desk, number: int | None = None) -> Scene:
    """Return where the person acts: the response of the address, or another one."""
    chosen = number if number is not None else at.shared
    assert chosen is not None  # noqa: S101 - the address names one
    return Scene(chosen, at.consultation_id, at.user_id, at.now)


def known(person: User) -> Known:
    """Return what a person who comes can show: a SIREN, and the domain of a confirmed address."""
    organisation = person.organisation
    confirmed = person.email_confirmed_at is not None
    return Known(
        person.id,
        organisation.siren if organisation else None,
        domain_of(person.email) if confirmed else None,
    )


def about(at: Desk, organisation: str, path: str) -> About:
    """Return what a letter names; ``path`` is the page that it opens."""
    return About(at.consultation.title, organisation, public_url() + path)


def public_url() -> str:
    """Return the address of the platform, for letters."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url


def write(number: int, what: str, to: str, letter: Written) -> None:
    """Post a letter about the response ``number``; ``what`` says which, once for each moment."""
    subject, text = letter
    moment = now()
    key = f"coauthor:{number}:{what}:{int(moment.timestamp() * 1000)}"
    post(db.session, key=key, to=to, subject=subject, text=text, now=moment)


def team_url(slug: str, number: int) -> str:
    """Return the address of the page of a team."""
    return url_for("coauthors.team", slug=slug, shared=number)
