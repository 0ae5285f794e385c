"""The forms of co-authors and of the organisers who look after official responses."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from consultation.accounts.forms import Cleaned, CleanEmail, CleanString, choices
from consultation.accounts.rules.naming import clean_email
from consultation.coauthors.rules.merging import clean_siren
from consultation.web.forms import Form
from consultation.web.typography import NBSP

STARTS = {
    "draft": "De mon brouillon personnel, copié ici",
    "nothing": "D’une page blanche",
}
ROLES = {
    "author": f"Auteur{NBSP}: écrit avec les autres",
    "signatory": f"Signataire{NBSP}: écrit, signe, envoie et compose l’équipe",
}
ELSEWHERE = "other"


class StartForm(Form):
    """Open the response of an organisation; asked of whoever has a personal draft."""

    start = RadioField(
        "Partir de",
        [InputRequired("Choisissez d’où partir")],
        choices=choices(STARTS.items(), none=None),
        default="draft",
    )


class AskForm(Form):
    """Ask to write with the others."""

    message = TextAreaField(
        "Votre message aux signataires",
        [Optional(), Length(max=500)],
        description=f"500 caractères au plus, par exemple votre fonction{NBSP}; "
        "votre nom et votre adresse leur sont transmis",
        render_kw={"rows": 3},
    )


def _email(label: str, description: str) -> CleanEmail:
    return CleanEmail(
        label,
        [
            InputRequired("Saisissez une adresse, par exemple prenom.nom@organisme.fr"),
            Length(max=320),
            Cleaned(clean_email),
        ],
        description=description,
        render_kw={"spellcheck": "false"},
    )


class InviteForm(Form):
    """Invite somebody to write."""

    email = _email("Adresse électronique", "Par exemple prenom.nom@organisme.fr")
    role = SelectField(
        "Rôle", [InputRequired()], choices=choices(ROLES.items(), none=None), default="author"
    )


class DomainForm(Form):
    """Choose whose address opens the response."""

    domain = StringField(
        "Domaine des adresses qui peuvent rejoindre",
        [Optional(), Length(max=255)],
        description="Celui de l’adresse d’une personne de l’équipe, par exemple organisme.fr. "
        "Laissez vide pour n’accepter que les personnes invitées ou acceptées.",
        render_kw={"spellcheck": "false", "autocapitalize": "none"},
    )


def _reason() -> TextAreaField:
    return TextAreaField(
        "Raison",
        [InputRequired("Écrivez la raison de ce changement"), Length(max=300)],
        description="300 caractères au plus, sans nom de personne. Elle est écrite au journal, "
        "qui ne s’efface pas, et aux personnes concernées.",
        render_kw={"rows": 3},
    )


class AppointForm(Form):
    """Name a signatory from outside."""

    email = _email("Adresse électronique de la personne", "Celle de son compte")
    alone = BooleanField(
        "Retirer toutes les personnes qui y participent aujourd’hui",
        description="Quand quelqu’un répond au nom d’un organisme qui n’est pas le sien",
    )
    reason = _reason()


class SirenForm(Form):
    """Correct the SIREN of an organisation."""

    siren = CleanString(
        "SIREN",
        [
            InputRequired("Saisissez les 9 chiffres du SIREN"),
            Length(max=40),
            Cleaned(clean_siren),
        ],
        description="9 chiffres, ou les 14 du SIRET",
        render_kw={"inputmode": "numeric"},
    )
    reason = _reason()


class FreeForm(Form):
    """Free the SIREN of a response that was taken over."""

    reason = _reason()


class MergeForm(Form):
    """Make one response of two. The choices of ``into`` are set by the view."""

    @property
    def organisation_name(self) -> str:
        """The name typed, on one line."""
        return " ".join((self.name.data or "").split())

    into = SelectField(
        "Organisme qui reprend la contribution",
        [InputRequired("Choisissez l’organisme qui reprend cette contribution")],
    )
    name = StringField(
        "Nom de l’organisme",
        [Optional(), Length(max=200)],
        description="S’il n’est pas dans la liste",
    )
    siren = CleanString(
        "SIREN de l’organisme",
        [Optional(), Length(max=40), Cleaned(clean_siren)],
        description="S’il n’est pas dans la liste",
        render_kw={"inputmode": "numeric"},
    )
    reason = _reason()
