"""The base of the forms: clean texts, French sentences, a summary that leads to the fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import wtforms
from flask import get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from wtforms import (
    BooleanField,
    DecimalField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from consultation.web.forms import LONGEST_LINE, LONGEST_TEXT, Form, clean
from consultation.web.sentences import COUNTED, SENTENCES

pytestmark = pytest.mark.one_database


REGIONS = [SelectChoice("53", "Bretagne"), SelectChoice("11", "Île-de-France")]
OPINIONS = [SelectChoice("o", "Oui"), SelectChoice("n", "Non")]


class Sample(Form):
    name = StringField("Nom", validators=[InputRequired()])
    email = StringField("Adresse", description="Par exemple", validators=[Email()])
    note = TextAreaField("Remarque")
    age = IntegerField("Âge", validators=[NumberRange(18, 120)])
    amount = DecimalField("Montant", validators=[Optional()])
    region = SelectField("Région", choices=REGIONS)
    opinion = RadioField("Avis", choices=OPINIONS, validators=[InputRequired()])
    consent = BooleanField("J’accepte", validators=[InputRequired()])
    secret = PasswordField("Mot de passe", validators=[Length(max=1000)])
    annex = FileField("Annexe")


GOOD = {
    "name": "  Émile\r\nRoux ",
    "email": "emile@example.org",
    "note": "un\r\ndeux\rtrois",
    "age": "30",
    "region": "53",
    "opinion": "o",
    "consent": "y",
    "secret": "  espaces gardées  ",
}


@pytest.fixture
def fill(app):
    """Return the form as sent with ``fields``, in a request that stays open."""
    contexts = []

    def send(**fields: object) -> Sample:
        context = app.test_request_context("/", method="POST", data=fields)
        context.push()
        contexts.append(context)
        return Sample(meta={"csrf": False})

    yield send
    for context in reversed(contexts):
        context.pop()


def test_texts_are_cleaned_and_passwords_are_left_alone(fill) -> None:
    form = fill(**GOOD)
    assert form.validate()
    assert form.name.data == "Émile\nRoux"
    assert form.note.data == "un\ndeux\ntrois"
    assert form.secret.data == "  espaces gardées  "
    assert form.summary() == []


def test_every_error_leads_to_its_field_with_the_same_sentence(fill) -> None:
    form = fill(email="emile", age="onze", region="99", opinion="z")
    assert not form.validate()
    summary = dict(form.summary())
    assert summary["name"] == "Remplissez ce champ"
    assert summary["email"] == (
        "Saisissez une adresse complète, par exemple prenom.nom@organisme.fr"
    )
    assert summary["age"] == "Saisissez un nombre entier, par exemple 12"
    assert summary["region"] == "Choisissez une proposition de la liste"
    assert summary["opinion-0"] == "Choisissez une proposition de la liste"
    assert summary["consent"] == "Remplissez ce champ"


def test_a_text_longer_than_its_column_is_refused_and_kept(fill) -> None:
    form = fill(**{**GOOD, "name": "x" * (LONGEST_LINE + 1), "note": "y" * (LONGEST_TEXT + 1)})
    assert not form.validate()
    assert form.errors == {
        "name": ["Limitez-vous à 500 caractères"],
        "note": ["Limitez-vous à 20\u00a0000 caractères"],
    }
    assert len(form.name.data) == LONGEST_LINE + 1


def test_a_form_with_nothing_of_what_it_asks_is_refused_without_failing(fill) -> None:
    form = fill(inconnu="x")
    assert not form.validate()
    assert {field for field, _ in form.summary()} >= {"name", "opinion-0", "consent"}


@pytest.mark.parametrize("typed", ["9" * 400, "-" + "9" * 30, str(10**15)])
def test_a_number_that_no_column_can_hold_is_refused_and_shown_as_typed(fill, typed) -> None:
    form = fill(**{**GOOD, "age": typed})
    assert not form.validate()
    assert form.summary()[0][1].startswith("Saisissez un nombre plus petit que 1\u00a0000")
    assert form.age.data is None
    assert f'value="{typed}"' in form.age()


@pytest.mark.parametrize("typed", ["nan", "snan", "inf", "-Infinity", "1e999", "1e15"])
def test_a_decimal_that_is_no_amount_is_refused(fill, typed) -> None:
    form = fill(**{**GOOD, "amount": typed})
    assert not form.validate()
    assert "amount" in form.errors


@given(st.dictionaries(st.sampled_from(list(GOOD)), st.text(max_size=40)))
def test_whatever_is_typed_gives_sentences_in_french(fill, fields) -> None:
    form = fill(**fields)
    form.validate()
    for anchor, sentence in form.summary():
        assert anchor in {"opinion-0", *form._fields}
        assert sentence not in SENTENCES
        assert sentence not in COUNTED
        assert "%(" not in sentence


def test_every_sentence_of_the_library_is_said_in_french() -> None:
    folder = Path(wtforms.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    said = set(re.findall(r'gettext\(\s*"([^"]+)"', source))
    said |= set(re.findall(r'ngettext\(\s*"[^"]+",\s*"([^"]+)"', source))
    assert len(said) > 30
    assert said - {*SENTENCES, *COUNTED} == {"Choices cannot be None."}  # never shown: it raises


@given(st.text())
def test_cleaning_twice_changes_nothing(text) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\r" not in once


def test_every_field_is_drawn_with_its_label_its_hint_and_its_error(app, fill) -> None:
    form = fill(email="emile", opinion="z")
    form.validate()
    draw = get_template_attribute("components/form.html", "field")
    page = html.fragment_fromstring("".join(draw(field) for field in form), create_parent="div")
    for field in form:
        if field.type != "RadioField":
            (control,) = page.xpath(f"//*[@id='{field.id}']")
            assert page.xpath(f"//label[@for='{field.id}']")
            described = (control.get("aria-describedby") or "").split()
        else:
            (fieldset,) = page.xpath("//fieldset")
            assert fieldset.xpath("./legend")[0].text_content().strip() == "Avis"
            described = (fieldset.get("aria-describedby") or "").split()
        assert all(page.xpath(f"//*[@id='{name}']") for name in described)
        assert bool(field.errors) == (f"{field.id}-erreur" in described)
        assert bool(field.description) == (f"{field.id}-aide" in described)
    assert "(facultatif)" in page.xpath("//label[@for='note']")[0].text_content()
    assert "(facultatif)" not in page.xpath("//label[@for='name']")[0].text_content()
    assert page.xpath("//*[@id='email']/@value") == ["emile"]
