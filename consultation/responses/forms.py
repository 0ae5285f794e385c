"""The one form of this room that is not a questionnaire."""

from __future__ import annotations

from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired

from consultation.responses.proof import read_receipt
from consultation.web.forms import Form


class ReceiptForm(Form):
    """A receipt to verify; ``receipt`` is what was typed, written as we write receipts."""

    code = StringField(
        "Code du reçu",
        description="32 lettres et chiffres, avec ou sans tirets",
        validators=[DataRequired("Saisissez le code de votre reçu")],
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse what cannot be a receipt."""
        if read_receipt(field.data or "") is None:
            raise ValidationError("Ce code n’est pas complet. Vérifiez les 32 caractères")

    @property
    def receipt(self) -> str:
        return read_receipt(self.code.data or "") or ""
