"""The forms of invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from consultation.accounts.forms import Cleaned, CleanEmail, CleanString, choices
from consultation.accounts.rules.naming import LONGEST_NAME, clean_email
from consultation.accounts.rules.organisations import clean_siret
from consultation.consultations.forms import DAY_FORMATS, TIME_FORMATS, moment
from consultation.consultations.rules import Refused
from consultation.invitations.actions.campaigns import Wanted
from consultation.invitations.letters import LONGEST_BODY, LONGEST_SUBJECT, VARIABLES
from consultation.invitations.reading.line import LONGEST_ORGANISATION, NewContact
from consultation.invitations.rules.audience import Kind
from consultation.invitations.rules.schedule import HOURS, MOST_A_MINUTE, MOST_DAYS, Schedule
from consultation.mail.rules import one_line
from consultation.web.forms import Form
from consultation.web.typography import NBSP

KINDS = {
    "invitation": "Invitation, aux personnes pas encore invitées",
    "not_started": "Relance, aux personnes invitées qui n’ont pas commencé",
    "draft": "Relance, aux personnes dont le brouillon n’est pas envoyé",
}
WHENS = {
    "now": "Dès que je l’envoie",
    "opening": "À l’ouverture de la consultation, même si elle est déplacée",
    "date": "À une date",
    "before": "Quelques jours avant la clôture, même si elle est repoussée",
}
LARGEST = f"5{NBSP}Mo"


class ImportForm(Form):
    """A file of contacts."""

    file = FileField(
        "Fichier de contacts",
        [InputRequired("Choisissez un fichier CSV ou XLSX")],
        description=f"CSV ou XLSX, {LARGEST} au plus. Une colonne «{NBSP}e-mail{NBSP}» suffit.",
    )


class ContactForm(Form):
    """One contact, typed by hand. Choices of type and region are set by the view."""

    email = CleanEmail(
        "Adresse électronique",
        [
            InputRequired("Saisissez une adresse, par exemple prenom.nom@organisme.fr"),
            Length(max=320),
            Cleaned(clean_email),
        ],
        render_kw={"spellcheck": "false"},
    )
    name = StringField("Nom et prénom", [Optional(), Length(max=LONGEST_NAME)])
    organisation = StringField("Organisme", [Optional(), Length(max=LONGEST_ORGANISATION)])
    actor_type = SelectField("Type d’acteur", [Optional()], default="")
    region = SelectField("Région", [Optional()], default="")
    siret = CleanString(
        "Numéro SIRET",
        [Optional(), Length(max=40), Cleaned(clean_siret)],
        description="14 chiffres",
        render_kw={"inputmode": "numeric"},
    )

    def contact(self) -> NewContact:
        """Return what was typed."""
        return NewContact(
            email=self.email.clean,
            name=one_line(self.name.data or ""),
            organisation=one_line(self.organisation.data or ""),
            actor_type=self.actor_type.data or None,
            region_code=self.region.data or None,
            siret=self.siret.clean or None,
        )


class CampaignForm(Form):
    """What is written to many people, and when it leaves."""

    kind = RadioField(
        "À qui",
        [InputRequired("Choisissez à qui ce courriel s’adresse")],
        choices=choices(KINDS.items(), none=None),
        default="invitation",
    )
    subject = StringField(
        "Objet", [InputRequired("Écrivez l’objet du courriel"), Length(max=LONGEST_SUBJECT)]
    )
    body = TextAreaField(
        "Texte",
        [InputRequired("Écrivez le texte du courriel"), Length(max=LONGEST_BODY)],
        description=f"Vous pouvez y mettre {', '.join(f'${{{name}}}' for name in VARIABLES)}",
        render_kw={"rows": 16},
    )
    when = RadioField(
        "Quand",
        [InputRequired("Choisissez quand ce courriel part")],
        choices=choices(WHENS.items(), none=None),
        default="now",
    )
    send_day = DateField("Jour d’envoi", [Optional()], format=DAY_FORMATS)
    send_time = TimeField("Heure d’envoi, à Paris", [Optional()], format=TIME_FORMATS)
    days_before = IntegerField("Nombre de jours avant la clôture", [Optional()])
    hour = SelectField(
        "Heure de la relance, à Paris",
        [Optional()],
        choices=choices(((str(h), f"{h}{NBSP}h{NBSP}00") for h in HOURS), none=None),
        default="9",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.when.choices = choices(WHENS.items(), none=None)
        for field in (self.send_day, self.send_time, self.days_before, self.hour):
            field.flags.required = True  # as soon as its way is chosen

    def forget_opening(self) -> None:
        """Offer no departure at the opening: it is past."""
        left = {value: label for value, label in WHENS.items() if value != "opening"}
        self.when.choices = choices(left.items(), none=None)

    def wanted(self, now: datetime) -> Wanted:
        """Return what was typed; raise :class:`Refused` when its moment is wrong."""
        return Wanted(
            kind=cast(Kind, self.kind.data),
            subject=one_line(self.subject.data or ""),
            body=self.body.data or "",
            schedule=self._schedule(now),
        )

    def _schedule(self, now: datetime) -> Schedule:
        if self.when.data == "opening":
            return Schedule(at_opening=True)
        if self.when.data == "date":
            return Schedule(send_at=self._moment(now))
        if self.when.data == "before":
            return Schedule(days_before=self._days(), hour=int(self.hour.data or "9"))
        return Schedule()

    def _moment(self, now: datetime) -> datetime:
        if self.send_day.data is None or self.send_time.data is None:
            field = "send_day" if self.send_day.data is None else "send_time"
            raise Refused(field, "Saisissez le jour et l’heure d’envoi")
        at = moment(self, "send")
        if at <= now:
            raise Refused("send_day", "Choisissez un moment à venir")
        return at

    def _days(self) -> int:
        days = self.days_before.data
        if days is None or not 1 <= days <= MOST_DAYS:
            raise Refused("days_before", f"Saisissez un nombre de jours de 1 à {MOST_DAYS}")
        return int(days)


class SettingsForm(Form):
    """How a consultation invites."""

    per_minute = IntegerField(
        "Courriels par minute, au plus",
        [
            InputRequired("Saisissez un nombre entier, par exemple 60"),
            NumberRange(1, MOST_A_MINUTE),
        ],
        description="Un envoi trop rapide est pris pour du courrier indésirable",
    )
    invited_only = BooleanField(
        "Seules les personnes invitées peuvent répondre",
        description="Sinon, toute personne qui a un compte peut répondre",
    )


class OpeningForm(Form):
    """The address of somebody who wants to know of an opening."""

    email = CleanEmail(
        "Adresse électronique",
        [
            InputRequired("Saisissez une adresse, par exemple prenom.nom@organisme.fr"),
            Length(max=320),
            Cleaned(clean_email),
        ],
        render_kw={"spellcheck": "false", "autocomplete": "email"},
    )
