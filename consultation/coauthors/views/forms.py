"""The forms of the people who write together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from consultation.coauthors.rules.writing import EMPTY, LONGEST_NOTE, WHOLE, Target, clean_note
from consultation.consultations.rules import Refused
from consultation.responses.reading import clean
from consultation.web.forms import Form
from consultation.web.typography import number_fr

LONGEST_LABEL = 90
"""Characters of a question in a list to choose from."""


def printable(typed: str | None) -> str | None:
    """Leave out the signs that no page can hold."""
    return clean(typed) if typed else typed


class TextForm(Form):
    """The text of a note; ``cleaned`` once validated."""

    text = TextAreaField(
        "Votre note",
        [InputRequired(EMPTY)],
        description="Lue par les co-auteurs seulement\u00a0: jamais envoyée, comptée ni exportée",
        filters=[printable],
        render_kw={"data-max": LONGEST_NOTE, "rows": 4},
    )
    counter = f"{number_fr(LONGEST_NOTE)} caractères au maximum"
    cleaned = ""

    def validate_text(self, field: Any) -> None:
        """Keep the text as it will be written."""
        try:
            self.cleaned = clean_note(field.data or "")
        except Refused as refused:
            raise ValidationError(refused.sentence) from None


class NoteForm(TextForm):
    """A note, and what it is about."""

    target = SelectField(
        "À propos de", [InputRequired("Choisissez de quoi parle la note")], choices=[]
    )

    def offer(self, targets: Iterable[Target]) -> NoteForm:
        """Let the person choose among ``targets``, and the whole response."""
        labels = [(target.name, _short(target)) for target in targets]
        self.target.choices = [(WHOLE, "Toute la contribution"), *labels]
        return self


class ReturnForm(TextForm):
    """Why a signatory gives the draft back."""

    text = TextAreaField(
        "Ce qui est à reprendre",
        [InputRequired(EMPTY)],
        description="Une note que lisent les co-auteurs, jamais envoyée",
        filters=[printable],
        render_kw={"data-max": LONGEST_NOTE, "rows": 4},
    )


def _short(target: Target) -> str:
    label = target.label
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
