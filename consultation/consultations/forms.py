"""The forms of those who organise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import (
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from consultation.accounts.rules.naming import clean_email
from consultation.accounts.rules.refusal import Refusal
from consultation.consultations.notice import BASES
from consultation.consultations.promises import COMMISSION_DOCUMENTS
from consultation.consultations.rules import Refused, instant
from consultation.web.forms import Form
from consultation.web.typography import NBSP, in_paris

MODES = {
    "open": "Consultation ouverte à tous",
    "commission": "Consultation qui remplace l’avis d’une commission (article L132-1)",
}
COMMENTS = {
    "closed": "Fermés",
    "members": "Ouverts aux personnes qui ont un compte",
    "visitors": "Ouverts à tous, après confirmation d’une adresse électronique",
}
DOCUMENT_KINDS = {"other": "Autre document", **COMMISSION_DOCUMENTS}
ROLES = {
    "organiser": "Organisateur",
    "moderator": "Modérateur",
    "analyst": "Analyste",
}
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M"]
LAST_MINUTE = time(23, 59)


def choices(labels: Mapping[str, str]) -> list[Any]:
    """Return what a list offers, from value to label."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _line(label: str, most: int = 200, description: str = "", **options: Any) -> StringField:
    return StringField(label, [Length(max=most)], description=description, **options)


def _text(label: str, description: str = "", rows: int = 2) -> TextAreaField:
    return TextAreaField(label, description=description, render_kw={"rows": rows})


def _day(label: str, *validators: Any, description: str = "") -> DateField:
    return DateField(label, validators, format=DAY_FORMATS, description=description)


def _hour(label: str) -> TimeField:
    needed = InputRequired("Saisissez une heure, par exemple 18:00")
    return TimeField(f"{label}, à Paris", [needed], format=TIME_FORMATS)


_DAY_NEEDED = InputRequired("Saisissez une date, par exemple 11/03/2022")


class TextsForm(Form):
    """Everything that a consultation says of itself."""

    title_fr = _line("Titre")
    title_en = _line("Titre en anglais")
    theme = _line("Thème", 80)
    summary_fr = _text("Résumé", "Deux phrases, sous le titre et dans la liste")
    summary_en = _text("Résumé en anglais")
    presentation_fr = _text("Présentation", "Le contexte et les questions ouvertes", 6)
    presentation_en = _text("Présentation en anglais", rows=6)
    purpose = _text("Objet de la consultation")
    organiser = _line("Organisateur")
    audience = _text("Qui peut répondre")
    outcome = _text("Ce que deviennent les réponses")
    answers_visibility = _text("Publicité des réponses", "Dites si elles sont montrées, et comment")
    contact = EmailField("Adresse de contact", [Optional(), Length(max=254), Email()])
    legal_basis = SelectField("Base légale du traitement", choices=choices(BASES))
    privacy_notice = _text("Notice sur les données personnelles")
    recipients = _text("Destinataires des données")
    retention = _text("Durée de conservation")
    data_protection_contact = EmailField(
        "Adresse du délégué à la protection des données", [Optional(), Length(max=254), Email()]
    )

    NEEDED = (
        "title_fr",
        "purpose",
        "organiser",
        "audience",
        "outcome",
        "answers_visibility",
        "contact",
        "privacy_notice",
        "recipients",
        "retention",
        "data_protection_contact",
    )
    LANGUAGES = ("title", "summary", "presentation")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self:
            # A draft is saved whatever it lacks: publication asks for these.
            field.flags.required = field.short_name in self.NEEDED
            field.flags.optional = None

    def texts(self) -> dict[str, Any]:
        """Return every text under the name of its column."""
        several = {f"{name}_{code}" for name in self.LANGUAGES for code in ("fr", "en")}
        plain = {
            name: value or ""
            for name, value in self.data.items()
            if name not in several and name != "csrf_token"
        }
        return {**plain, **{name: self._spoken(name) for name in self.LANGUAGES}}

    def _spoken(self, name: str) -> dict[str, str]:
        typed = {code: self[f"{name}_{code}"].data for code in ("fr", "en")}
        return {code: text for code, text in typed.items() if text}


class ScheduleForm(Form):
    """When a consultation that has not begun opens and closes, and in which mode."""

    mode = RadioField("Mode", [InputRequired()], choices=choices(MODES), default="open")
    opens_day = _day("Jour d’ouverture", _DAY_NEEDED)
    opens_time = _hour("Heure d’ouverture")
    closes_day = _day("Jour de clôture", _DAY_NEEDED)
    closes_time = _hour("Heure de clôture")
    results_on = _day("Date prévue de publication des résultats", Optional())

    def opens_at(self) -> datetime:
        """Return the opening; raise :class:`Refused` when the clocks skip it."""
        return moment(self, "opens")

    def closes_at(self) -> datetime:
        """Return the closing; raise :class:`Refused` when the clocks skip it."""
        return moment(self, "closes")


class ExtensionForm(Form):
    """Close later, and say why."""

    closes_day = _day("Nouveau jour de clôture", _DAY_NEEDED)
    closes_time = _hour("Nouvelle heure de clôture")
    reason = StringField(
        "Raison",
        [InputRequired("Dites pourquoi, la raison est publique"), Length(max=300)],
        description="Elle est publiée dans l’historique de la consultation",
    )

    def closes_at(self) -> datetime:
        """Return the new closing; raise :class:`Refused` when the clocks skip it."""
        return moment(self, "closes")


def moment(form: Form, name: str) -> datetime:
    """Return the moment typed in ``<name>_day`` and ``<name>_time``, on Paris time, in UTC."""
    hour = form[f"{name}_time"].data
    if name == "closes" and hour == LAST_MINUTE:
        hour = hour.replace(second=59)  # people who type 23:59 mean the whole day
    try:
        # Nobody is refused before the hour that the page announces has passed for good.
        return instant(form[f"{name}_day"].data, hour, last=name == "closes")
    except ValueError as error:
        sentence = "Choisissez une autre heure, celle-ci n’existe pas ce jour-là à Paris"
        raise Refused(f"{name}_at", sentence) from error


def as_typed(name: str, at: datetime) -> dict[str, Any]:
    """Return the day and the time of Paris under the names of the fields."""
    local = in_paris(at)
    return {f"{name}_day": local.date(), f"{name}_time": local.time()}


def _whole(label: str, low: int, high: int, description: str = "") -> IntegerField:
    needed = InputRequired("Saisissez un nombre entier, par exemple 12")
    return IntegerField(label, [needed, NumberRange(low, high)], description=description)


class SafeguardsForm(Form):
    """Who may comment, and how small a group results may show."""

    comments_mode = RadioField("Commentaires", [InputRequired()], choices=choices(COMMENTS))
    minimum_organisations = _whole("Nombre minimal d’organismes par case", 0, 10_000)
    minimum_individuals = _whole("Nombre minimal de particuliers par case", 0, 10_000)
    dominance = _whole(
        "Part maximale d’un organisme dans un montant, en pour cent",
        1,
        100,
        "Plus bas protège davantage",
    )
    target = IntegerField("Objectif de contributions", [Optional(), NumberRange(1, 10_000_000)])


class DocumentForm(Form):
    """A document to read before answering."""

    title = StringField(
        "Titre du document",
        [InputRequired("Donnez un titre au document"), Length(max=200)],
    )
    kind = SelectField("Nature", choices=choices(DOCUMENT_KINDS), default="other")
    file = FileField(
        "Fichier",
        [InputRequired("Choisissez un fichier")],
        description=f"PDF, CSV, ODT, ODS, DOCX ou XLSX, 10{NBSP}Mo au plus",
    )


class StepForm(PlainForm):
    """One milestone; without a title it is not kept."""

    title = _line("Étape", 120)
    detail = _line("Précision", 400)
    starts_on = _day("Premier jour", Optional())
    ends_on = _day("Dernier jour", Optional())

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("Choisissez un dernier jour postérieur au premier")


class StepsForm(Form):
    """Every milestone, in order, with empty lines to add some."""

    steps = FieldList(FormField(StepForm), max_entries=20)

    def summary(self) -> list[tuple[str, str]]:
        """Return one (anchor, sentence) per error, each on its own line."""
        lines = [field for step in self.steps for field in step.form]
        found = [(str(field.id), str(error)) for field in lines for error in field.errors]
        return found or super().summary()


class QuestionnaireForm(Form):
    """The ready-made questionnaire of a draft. Choices are set by the view."""

    starter = RadioField("Modèle", [InputRequired("Choisissez un questionnaire")])


class NewForm(ScheduleForm):
    """A new consultation. Choices of ``starter`` are set by the view."""

    title = StringField("Titre", [InputRequired("Donnez un titre"), Length(max=200)])
    slug = StringField(
        "Adresse de la page",
        [
            Optional(),
            Length(min=3, max=80),
            Regexp(
                r"[a-z0-9]+(-[a-z0-9]+)*\Z",
                message="Écrivez des lettres minuscules sans accent, des chiffres et des tirets",
            ),
        ],
        description="Par exemple poles-de-competitivite. Sans réponse, elle vient du titre",
    )
    starter = RadioField("Questionnaire", [InputRequired("Choisissez un questionnaire")])


class MemberForm(Form):
    """Someone who joins the team; ``address`` is their clean address once validated."""

    address = ""

    email = EmailField(
        "Adresse électronique du compte",
        [InputRequired("Saisissez une adresse, par exemple prenom.nom@organisme.fr")],
    )
    role = RadioField("Rôle", [InputRequired("Choisissez un rôle")], choices=choices(ROLES))

    def validate_email(self, field: Any) -> None:
        try:
            self.address = clean_email(field.data or "")
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None


def blame(form: Form, refused: Refused) -> None:
    """Put ``refused`` on the field it names, else on the form as a whole."""
    names = (refused.field, f"{refused.field}_fr", refused.field.removesuffix("_at") + "_day")
    for name in names:
        if name in form:
            form[name].errors = [*form[name].errors, refused.sentence]
            return
    form.form_errors.append(refused.sentence)
