"""The forms of moderation."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consultation.accounts.rules.naming import clean_email, clean_name
from consultation.accounts.rules.refusal import Refusal
from consultation.comments.rules import GROUNDS
from consultation.moderation.rules import LONGEST_MESSAGE, REASONS, VERDICTS
from consultation.web.forms import Form


def _choices(labels: dict[str, str]) -> list[Any]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class DecisionForm(Form):
    """What a moderator decides. ``revision`` is that of the comment that was read."""

    verdict = RadioField(
        "Décision", [InputRequired("Choisissez une décision")], choices=_choices(VERDICTS)
    )
    grounds = SelectMultipleField(
        "Motif, transmis à l’auteur",
        choices=_choices(GROUNDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    message = TextAreaField(
        "Message à l’auteur",
        [Length(max=LONGEST_MESSAGE)],
        description="Nécessaire pour un refus",
        render_kw={"rows": 4},
    )
    revision = HiddenField()

    def validate_revision(self, field: Any) -> None:
        text = field.data or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ValidationError("Rechargez la page avant de décider")


class ReportForm(Form):
    """A reader reports a comment; ``website`` is a trap that people leave empty."""

    reason = RadioField("Motif", [InputRequired("Choisissez un motif")], choices=_choices(REASONS))
    text = TextAreaField(
        "Précisez ce qui pose problème", [Length(max=LONGEST_MESSAGE)], render_kw={"rows": 4}
    )
    minors = BooleanField("Ce contenu représente des violences sexuelles sur un mineur")
    name = StringField("Votre nom", [Length(max=200)], render_kw={"autocomplete": "name"})
    email = EmailField(
        "Votre adresse électronique",
        [Length(max=254)],
        description="Pour vous écrire la décision. Elle n’est jamais publiée ni montrée",
        render_kw={"autocomplete": "email"},
    )
    good_faith = BooleanField(
        "Je signale de bonne foi, et je crois ces informations exactes",
        [InputRequired("Cochez cette case pour signaler de bonne foi")],
    )
    website = StringField("Laissez ce champ vide", [Optional(), Length(max=500)])

    def __init__(self, *arguments: Any, known: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.signature: str | None = None
        self.address: str | None = None
        if known:
            del self.name, self.email
            return
        for field in (self.name, self.email):
            field.flags.required = True  # but in the one case that the page names

    @property
    def anonymous(self) -> bool:
        """Whether this is the one case where nobody needs to say who they are."""
        return bool(self.minors.data and self.reason.data == "illegal")

    def validate_name(self, field: Any) -> None:
        if field.data or not self.anonymous:
            self.signature = _cleaned(clean_name, field.data)

    def validate_email(self, field: Any) -> None:
        if field.data or not self.anonymous:
            self.address = _cleaned(clean_email, field.data)


class AppealForm(Form):
    """An author contests a decision."""

    text = TextAreaField(
        "Pourquoi contestez-vous cette décision\u00a0?",
        [
            InputRequired("Dites en quelques mots pourquoi vous contestez"),
            Length(max=LONGEST_MESSAGE),
        ],
        description="Un autre modérateur lit votre recours",
        render_kw={"rows": 5},
    )


class JudgementForm(Form):
    """Another moderator answers an appeal."""

    upheld = RadioField(
        "Réponse au recours",
        [InputRequired("Choisissez une réponse")],
        choices=_choices({"yes": "Publier le commentaire", "no": "Confirmer la décision"}),
    )
    answer = TextAreaField(
        "Réponse à l’auteur",
        [Length(max=LONGEST_MESSAGE)],
        description="Nécessaire pour confirmer la décision",
        render_kw={"rows": 4},
    )


def _cleaned(clean: Any, typed: str | None) -> str:
    try:
        return str(clean(typed or ""))
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from None
