"""The base of every form: French sentences, clean text, a list of errors for the summary."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, StopValidation

from consultation.web.sentences import FRENCH

LONGEST_LINE = 500
LONGEST_TEXT = 20_000
MOST = 10**15


def clean(text: str) -> str:
    """Strip ``text``, join its letters and accents (NFC) and end its lines with ``\\n``."""
    text = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class Form(FlaskForm):
    """A form whose texts are clean and bounded, and whose errors say what to do, in French."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

        def get_translations(self, form: Any) -> Any:
            return FRENCH

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if _is_free_text(unbound_field.field_class):
                given = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": (_clean_if_text, *given)}
            return unbound_field.bind(form=form, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that no text or number is larger than its column."""
        _drop_endless_numbers(self)
        return bool(super().validate(_with_bounds(self, extra_validators)))

    def summary(self) -> list[tuple[str, str]]:
        """Return one (anchor, sentence) per wrong field: the sentence written beside it."""
        found = [
            (anchor(field), sentence)
            for field in self
            for sentence in islice(_sentences(field.errors), 1)
        ]
        return [*found, *(("contenu", str(sentence)) for sentence in self.form_errors)]


def anchor(field: Field) -> str:
    """Return the identifier of what takes the focus: the first choice of a group."""
    choices: list[Field] = list(field) if _is_group(field) else []  # type: ignore[call-overload]
    return str(choices[0].id if choices else field.id)


def _is_group(field: Field) -> bool:
    return isinstance(field, SelectField) and type(field.widget).__name__ == "ListWidget"


def _is_free_text(kind: Any) -> bool:
    return issubclass(kind, StringField) and not issubclass(kind, PasswordField)


def _clean_if_text(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _with_bounds(form: Form, extra: Any) -> dict[str, Sequence[Any]]:
    bounds: dict[str, list[Any]] = {name: list(given) for name, given in (extra or {}).items()}
    for name, field in form._fields.items():
        if isinstance(field, StringField) and not _has_length(field.validators):
            most = LONGEST_TEXT if isinstance(field, TextAreaField) else LONGEST_LINE
            bounds.setdefault(name, []).append(_Bound(most))
    return dict(bounds)


def _drop_endless_numbers(form: Form) -> None:
    """Refuse what neither a column nor the validators can hold; it stays as typed on the page."""
    for field in form:
        if isinstance(field.data, int | float | Decimal) and not _fits(field.data):
            field.data = None
            field.process_errors = [FRENCH.too_large(MOST)]


def _fits(number: float | Decimal) -> bool:
    try:
        return math.isfinite(number) and -MOST < number < MOST
    except (OverflowError, ValueError):  # larger than any float; a « signalling » NaN
        return False


def _has_length(validators: Iterable[Any]) -> bool:
    return any(isinstance(validator, Length) and validator.max > 0 for validator in validators)


class _Bound:
    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        if isinstance(field.data, str) and len(field.data) > self.most:
            raise StopValidation(FRENCH.too_long(self.most))


def _sentences(errors: Any) -> Iterable[str]:
    for error in errors:
        if isinstance(error, str):
            yield error
        elif isinstance(error, dict):
            yield from _sentences(error.values())
        else:
            yield from _sentences(error)
