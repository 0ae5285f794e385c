"""The forms that start a questionnaire."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consultation.web.forms import Form

LONGEST_PASTE = 200_000


class EmptyForm(Form):
    """A questionnaire that has only a title."""

    title = StringField(
        "Titre du questionnaire", [InputRequired("Donnez un titre"), Length(max=200)]
    )


class StarterForm(Form):
    """A ready-made questionnaire. Choices are set by the view."""

    starter = RadioField("Modèle", [InputRequired("Choisissez un modèle")])


class PasteForm(Form):
    """A questionnaire pasted as text."""

    text = TextAreaField(
        "Texte du questionnaire",
        [InputRequired("Collez le texte du questionnaire"), Length(max=LONGEST_PASTE)],
        description="Un titre, des questions numérotées, une option par ligne après un tiret",
        render_kw={"rows": 12},
    )


class FileForm(Form):
    """A questionnaire in a file of another tool."""

    file = FileField(
        "Fichier",
        [InputRequired("Choisissez un fichier")],
        description="XLSForm (.xlsx), LimeSurvey (.lss), JSON, YAML ou texte, 10\u00a0Mo au plus",
    )
