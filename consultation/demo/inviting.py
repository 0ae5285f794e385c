"""The address book of the open consultation: a file imported, an invitation, a reminder, returns.

Nothing is posted: the log says what would have been sent, to addresses that cannot exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import Membership, Organisation, User
from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.demo.profiles import DOMAIN
from consultation.demo.store import insert_rows
from consultation.invitations.actions import campaigns
from consultation.invitations.actions.campaigns import Wanted
from consultation.invitations.letters import DEFAULTS
from consultation.invitations.links import Links, reference
from consultation.invitations.models import (
    Bounce,
    Campaign,
    Contact,
    ContactImport,
    Invitation,
    Sending,
)
from consultation.invitations.reading.line import Known
from consultation.invitations.reading.model_file import HEADER, as_csv
from consultation.invitations.reading.report import read_contacts
from consultation.invitations.rules.audience import Kind
from consultation.invitations.rules.schedule import Schedule
from consultation.responses.models import Response
from consultation.territories import queries as places
from consultation.territories.reading import actor_types

ANSWERED, SILENT = 60, 70
"""People of the address book who began to answer at the most, and who did nothing."""

GONE, FULL, QUIET = 4, 2, 3
"""Silent people whose address is refused, whose mailbox is full, who unsubscribed."""

READABLE = "example.org"
"""The domain of the file: the import refuses one that cannot exist."""

FILE_GIVEN = timedelta(days=1)
"""How long before the opening the file of contacts was imported."""

A_MINUTE = 60
"""Letters that left each minute."""


@dataclass(frozen=True, slots=True)
class Inviting:
    """Where the address book is written, by whom, and the links of the site."""

    session: Session
    consultation: Consultation
    links: Links
    organiser_id: int
    mark: str
    now: datetime

    def invite(self, seed: int) -> None:
        """Fill the address book, then write what two campaigns became."""
        random = Random(seed)
        self._import()
        contacts = self._contacts()
        self._make_links(contacts, random)
        silent = [contact for contact in contacts if contact.user_id is None]
        troubled = random.sample(silent, min(GONE + FULL + QUIET, len(silent)))
        gone, full = troubled[:GONE], troubled[GONE : GONE + FULL]
        self._send("invitation", self.consultation.opens_at, contacts, gone, full)
        later = self.consultation.opens_at + timedelta(days=9)
        for contact in troubled[GONE + FULL :]:
            contact.unsubscribed_at = later - timedelta(days=2)
        if later < self.now:
            self._send("not_started", later, self._not_started(contacts, gone, later), [], full)
        self._draft()

    def _import(self) -> None:
        """Read a real file, then keep its people under addresses that cannot exist."""
        moment = self.consultation.opens_at - FILE_GIVEN
        data = as_csv([HEADER, *self._people(), *_mistakes()])
        reading = read_contacts(data, _known(self.session))
        rows = [
            {
                **contact.as_row(),
                "email": contact.email.replace(READABLE, DOMAIN),
                "consultation_id": self.consultation.id,
                "created_at": moment,
            }
            for _, contact in reading.kept
        ]
        insert_rows(self.session, Contact, rows)
        given = ContactImport(
            consultation_id=self.consultation.id,
            file_name="contacts-fictifs.csv",
            report={**reading.as_json(), "added": len(rows)},
            created_by=self.organiser_id,
            created_at=moment,
            done_at=moment,
        )
        self.session.add(given)
        self.session.flush()
        record(
            self.session,
            actor_id=self.organiser_id,
            verb="import_contacts",
            subject="contact",
            subject_id=given.id,
            consultation_id=self.consultation.id,
            now=moment,
            details={"number": len(rows)},
        )

    def _people(self) -> Iterable[Sequence[str]]:
        statement = (
            select(User, Organisation)
            .join(Response, Response.user_id == User.id)
            .outerjoin(Membership, Membership.user_id == User.id)
            .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Response.consultation_id == self.consultation.id,
                User.email.endswith(f"@{DOMAIN}"),
            )
            .order_by(Response.id)
            .limit(ANSWERED)
        )
        for user, organisation in self.session.execute(statement):
            name = getattr(organisation, "name", "")  # nobody for a person who answers alone
            actor, region = user.actor_type or "", user.region_code or ""
            email = user.email.replace(DOMAIN, READABLE)
            yield email, user.display_name, name, actor, region, "", "A déjà répondu en 2018"
        for number in range(1, SILENT + 1):
            email = f"invite-{self.mark}-{number}@{READABLE}"
            name = f"Contact fictif n°\u00a0{number}"
            yield email, name, f"Organisme fictif n°\u00a0{number}", "", "", "", ""

    def _contacts(self) -> list[Contact]:
        """Return the address book, each contact tied to the account of their address."""
        statement = (
            select(Contact, User.id, User.created_at)
            .outerjoin(User, User.email == Contact.email)
            .where(Contact.consultation_id == self.consultation.id)
            .order_by(Contact.id)
        )
        contacts = []
        for contact, user_id, created_at in self.session.execute(statement):
            contact.user_id, contact.entered_at = user_id, created_at
            contact.opened_account = user_id is not None
            contacts.append(contact)
        self.session.flush()
        return contacts

    def _make_links(self, contacts: Sequence[Contact], random: Random) -> None:
        """Make the personal links: the same seed gives the same rows, and the secret the links."""
        rows = []
        for contact in contacts:
            nonce = f"{random.getrandbits(128):032x}"
            token = self.links.token(contact.id, nonce)
            rows.append(
                {
                    "contact_id": contact.id,
                    "nonce": nonce,
                    "link_hash": self.links.token_hash(token),
                    "created_at": self.consultation.opens_at,
                }
            )
        insert_rows(self.session, Invitation, rows)

    def _links_of(self, contacts: Sequence[Contact]) -> dict[int, int]:
        statement = select(Invitation.contact_id, Invitation.id).where(
            Invitation.contact_id.in_([contact.id for contact in contacts])
        )
        return {row.contact_id: row.id for row in self.session.execute(statement)}

    def _not_started(
        self, contacts: Sequence[Contact], gone: Sequence[Contact], moment: datetime
    ) -> list[Contact]:
        """Return those who had not begun at ``moment``, could be reached and had said nothing."""
        return [
            contact
            for contact in contacts
            if (contact.entered_at is None or contact.entered_at > moment)
            and contact.unsubscribed_at is None
            and contact not in gone
        ]

    def _send(
        self,
        kind: Kind,
        moment: datetime,
        contacts: Sequence[Contact],
        gone: Sequence[Contact],
        full: Sequence[Contact],
    ) -> None:
        """Write a campaign that left at ``moment`` and what became of each letter."""
        campaign = self._campaign(kind, moment, Schedule(send_at=moment))
        minutes = timedelta(minutes=len(contacts) // A_MINUTE)
        campaign.state, campaign.started_at = "done", moment
        campaign.finished_at = moment + minutes
        links = self._links_of(contacts)
        rows = []
        for place, contact in enumerate(contacts):
            at = moment + timedelta(minutes=place // A_MINUTE)
            key = self.links.outbox_key(campaign.id, contact.id, contact.email)
            rows.append(
                {
                    "campaign_id": campaign.id,
                    "contact_id": contact.id,
                    "invitation_id": links[contact.id],
                    "outbox_key": key,
                    "reference": reference(key),
                    "posted_at": at,
                    "settled_at": at + timedelta(seconds=place % A_MINUTE),
                    **_outcome(contact, gone),
                }
            )
            contact.last_message_at = at
            if kind == "invitation":
                contact.invited_at = at
        insert_rows(self.session, Sending, rows)
        self._returns(campaign, gone, full, moment + timedelta(minutes=3))

    def _campaign(self, kind: Kind, moment: datetime, schedule: Schedule) -> Campaign:
        subject, body = DEFAULTS[kind]
        return campaigns.create(
            self.session,
            self.consultation,
            Wanted(kind, subject, body, schedule),
            actor_id=self.organiser_id,
            now=moment - timedelta(hours=2),
        )

    def _returns(
        self,
        campaign: Campaign,
        gone: Sequence[Contact],
        full: Sequence[Contact],
        at: datetime,
    ) -> None:
        """Write what mail servers sent back."""
        for contact in gone:
            contact.bounced_at = at
        for contact in full:
            contact.temporary_bounces += 1
        statement = select(Sending.id, Sending.contact_id).where(Sending.campaign_id == campaign.id)
        sendings = {row.contact_id: row.id for row in self.session.execute(statement)}
        said = [(contact, True, "5.1.1", NO_SUCH_USER) for contact in gone]
        said += [(contact, False, "4.2.2", MAILBOX_FULL) for contact in full]
        rows: list[dict[str, Any]] = [
            {
                "contact_id": contact.id,
                "sending_id": sendings[contact.id],
                "at": at,
                "permanent": permanent,
                "status": status,
                "said": sentence,
                "digest": f"demonstration:{sendings[contact.id]}",
            }
            for contact, permanent, status, sentence in said
        ]
        insert_rows(self.session, Bounce, rows)

    def _draft(self) -> None:
        """Leave a reminder to plan, so that nothing leaves by itself."""
        self._campaign("draft", self.now, Schedule(days_before=7, hour=9))


NO_SUCH_USER = "550 5.1.1 User unknown in virtual mailbox table"
MAILBOX_FULL = "452 4.2.2 The mailbox is full, try again later"


def _outcome(contact: Contact, gone: Sequence[Contact]) -> dict[str, str]:
    if contact in gone:
        return {"state": "bounced", "reason": NO_SUCH_USER}
    return {"state": "sent", "reason": ""}


def _mistakes() -> list[list[str]]:
    """Return lines as people write them, which the import leaves out and explains."""
    return [
        ["prenom.nom.example.org", "Arobase oubliée", "", "", "", "", ""],
        ["", "Adresse oubliée", "Organisme fictif", "", "", "", ""],
        [f"region@{READABLE}", "Région mal écrite", "", "", "Bretange", "", ""],
        [f"siret@{READABLE}", "SIRET arrondi", "", "", "", "5,52100554E+13", ""],
        [f"invite-double@{READABLE}", "Contact fictif n°\u00a0100", "", "", "Bretagne", "", ""],
        [f"invite-double@{READABLE}", "Le même, une autre fois", "", "", "Bretagne", "", ""],
    ]


def _known(session: Session) -> Known:
    kinds = [(kind.code, kind.french) for kind in actor_types().values()]
    return Known.of(kinds, [(region.code, region.name) for region in places.regions(session)])
