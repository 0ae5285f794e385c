"""The forms of the accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from consultation.accounts.rules import passwords
from consultation.accounts.rules.naming import clean_email, clean_name
from consultation.accounts.rules.organisations import SIZES, clean_siret
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.rules.roles import ROLES
from consultation.territories.reading import INDIVIDUAL
from consultation.web.forms import Form

LONGEST_SECRET = 1000
ADDRESS_HINT = "Par exemple prenom.nom@organisme.fr"
ADDRESS_MISSING = "Saisissez votre adresse électronique"

Pairs = Iterable[tuple[str, str]]


def choices(pairs: Pairs, none: str | None = "Choisissez dans la liste") -> list[SelectChoice]:
    """Return the choices of a list; ``none`` is the line that chooses nothing, if there is one."""
    first = [] if none is None else [("", none)]
    return [SelectChoice(value, label) for value, label in [*first, *pairs]]


class CleanString(StringField):
    """A line of text and, once valid, its clean form."""

    clean = ""


class CleanEmail(EmailField):
    """An address and, once valid, its clean form."""

    clean = ""


class Cleaned:
    """Replace what was typed by its clean form, or show why it has none."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            field.clean = self._clean(field.data or "")
        except Refusal as refusal:
            raise StopValidation(str(refusal)) from None


class RequiredOfOrganisations:
    """Ask the name of the organisation, on one line, of whoever answers for one."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if form.actor_type.data not in ("", INDIVIDUAL, None) and not field.data:
            raise StopValidation("Saisissez le nom de l’organisme pour qui vous répondez")
        if field.data and not field.data.isprintable():
            raise StopValidation("Saisissez le nom sur une seule ligne")


def _bounded(most: int = LONGEST_SECRET) -> Length:
    return Length(max=most, message="Vérifiez ce que vous avez saisi, c’est trop long")


def _address(label: str = "Adresse électronique", **attributes: str) -> CleanEmail:
    return CleanEmail(
        label,
        [InputRequired(ADDRESS_MISSING), _bounded(), Cleaned(clean_email)],
        description=ADDRESS_HINT,
        render_kw={"spellcheck": "false", **attributes},
    )


class LinkForm(Form):
    """Ask for a link by letter."""

    email = _address("Adresse électronique professionnelle", autocomplete="email")


class PasswordForm(Form):
    """Come in with a password."""

    identifier = _address(autocomplete="username")
    password = PasswordField(
        "Mot de passe",
        [InputRequired("Saisissez votre mot de passe"), _bounded()],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """Type the six digits of a letter; the address only when this browser asked for none."""

    email = _address(autocomplete="email")
    code = CleanString(
        "Code à 6 chiffres",
        [InputRequired("Saisissez le code du courriel, par exemple 123 456"), _bounded(40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def validate_code(self, field: Any) -> None:
        digits = "".join(field.data.split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            raise ValidationError("Saisissez les 6 chiffres du courriel, par exemple 123 456")
        field.clean = digits


class SignUpForm(Form):
    """Create an account. ``website`` is a trap: people leave it empty, programs fill it."""

    display_name = CleanString(
        "Nom et prénom",
        [InputRequired("Saisissez votre nom, par exemple Claire Morvan"), Cleaned(clean_name)],
        description="Il accompagne vos commentaires publiés",
        render_kw={"autocomplete": "name"},
    )
    email = _address("Adresse électronique professionnelle", autocomplete="email")
    password = PasswordField(
        "Mot de passe",
        [Optional(), _bounded()],
        description=f"{passwords.RULE[0].upper()}{passwords.RULE[1:]}. "
        "Sans mot de passe, vous recevez un lien à chaque connexion.",
        render_kw={"autocomplete": "new-password"},
    )
    accepted = BooleanField(
        "J’ai lu comment mes données sont utilisées",
        [InputRequired("Cochez cette case après avoir lu l’information sur vos données")],
    )
    website = StringField("Laissez ce champ vide", [Optional(), _bounded()])

    def validate_password(self, field: Any) -> None:
        about = [self.display_name.data or "", self.email.data or ""]
        if field.data and (fault := passwords.fault(field.data, about)):
            raise ValidationError(fault)


class ProfileForm(Form):
    """Say who one is and for whom one answers. Choices of type and region are set by the view."""

    display_name = CleanString(
        "Nom et prénom",
        [InputRequired("Saisissez votre nom, par exemple Claire Morvan"), Cleaned(clean_name)],
        render_kw={"autocomplete": "name"},
    )
    actor_type = SelectField(
        "À quel titre répondez-vous\u00a0?",
        [InputRequired("Choisissez à quel titre vous répondez")],
    )
    region = SelectField("Région d’implantation", [InputRequired("Choisissez votre région")])
    organisation = StringField(
        "Nom de l’organisme",
        [RequiredOfOrganisations(), Length(max=200, message="Limitez-vous à 200 caractères")],
        description="Laissez vide si vous répondez comme particulier",
        render_kw={"autocomplete": "organization"},
    )
    size = SelectField(
        "Effectif de l’organisme", [Optional()], choices=choices(SIZES.items()), default=""
    )
    siret = CleanString(
        "Numéro SIRET",
        [Optional(), _bounded(40), Cleaned(clean_siret)],
        description="14 chiffres. Il sert à ne compter qu’une fois chaque organisme.",
        render_kw={"inputmode": "numeric"},
    )


class NewPasswordForm(Form):
    """Choose a password; ``current`` is removed when it need not be asked."""

    current = PasswordField(
        "Mot de passe actuel",
        [InputRequired("Saisissez votre mot de passe actuel"), _bounded()],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "Nouveau mot de passe",
        [InputRequired("Saisissez un nouveau mot de passe"), _bounded()],
        description=f"{passwords.RULE[0].upper()}{passwords.RULE[1:]}",
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, about: list[str], *, ask_current: bool) -> None:
        super().__init__()
        self._about = about
        if not ask_current:
            del self.current

    def validate_password(self, field: Any) -> None:
        if fault := passwords.fault(field.data, self._about):
            raise ValidationError(fault)


class SecondFactorForm(Form):
    """Type the code of the authenticator application, or a recovery code."""

    code = StringField(
        "Code de vérification",
        [InputRequired("Saisissez le code affiché par votre application"), _bounded(40)],
        description="6 chiffres, ou l’un de vos codes de secours",
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )


class RoleForm(Form):
    """Give or take back a role on the site."""

    role = SelectField("Rôle", [InputRequired()], choices=choices(ROLES.items(), none=None))
