"""The forms of comments."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from consultation.accounts.rules.naming import clean_email, clean_name
from consultation.accounts.rules.refusal import Refusal
from consultation.comments.actions import Words
from consultation.comments.rules import LONGEST_TEXT, POSITIONS, Refused, clean_text
from consultation.web.forms import Form
from consultation.web.typography import number_fr

DELAY = "après relecture, sous 2 jours ouvrés"


class WordsForm(Form):
    """A text and a position."""

    position = RadioField(
        "Votre position sur le projet",
        [Optional()],
        choices=[SelectChoice(value, label) for value, label in POSITIONS.items()],
    )
    text = TextAreaField(
        "Votre commentaire",
        [InputRequired("Écrivez votre commentaire")],
        description=f"Publié avec votre nom, {DELAY}. Les adresses n’y deviennent pas des liens",
        render_kw={"data-max": LONGEST_TEXT, "rows": 6},
    )
    counter = f"{number_fr(LONGEST_TEXT)} caractères au maximum"

    def validate_text(self, field: Any) -> None:
        try:
            self.cleaned = clean_text(field.data or "")
        except Refused as refused:
            raise ValidationError(refused.sentence) from None

    def answers(self, parent_id: int | None) -> None:
        """Take the position away when the comment answers another: its page asks none."""
        if parent_id is not None:
            del self.position

    def words(self) -> Words:
        """Return what was written, once validated."""
        position = self.position.data if "position" in self else None
        return Words(self.cleaned, position or None)


class CommentForm(WordsForm):
    """A comment by someone who is signed in. ``ticket`` says when the form was shown."""

    ticket = HiddenField()


class VisitorForm(CommentForm):
    """A comment by a visitor. ``website`` is a trap: people leave it empty, programs fill it."""

    name = StringField(
        "Votre nom",
        [InputRequired("Saisissez votre nom, par exemple Claire Morvan")],
        description="Publié avec le commentaire",
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        "Votre adresse électronique",
        [InputRequired("Saisissez votre adresse électronique"), Length(max=254)],
        description="Jamais publiée. Nous y envoyons un lien à ouvrir pour confirmer",
        render_kw={"autocomplete": "email"},
    )
    website = StringField("Laissez ce champ vide", [Optional(), Length(max=500)])

    address, signature = "", ""

    def validate_name(self, field: Any) -> None:
        self.signature = _cleaned(clean_name, field.data)

    def validate_email(self, field: Any) -> None:
        self.address = _cleaned(clean_email, field.data)


class ResendForm(WordsForm):
    """A comment that its author changed. ``revision`` is the one that was read."""

    revision = HiddenField()


def _cleaned(clean: Any, typed: str | None) -> str:
    try:
        return str(clean(typed or ""))
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from None
