"""Documents are typeset whatever people type, and can be read out."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from consultation.lib.typesetting.characters import REPLACED, covered, drawable, plain
from consultation.lib.typesetting.document import pdf
from tests.papers import marks_of, text_of

SOURCE = b"#heading(level: 1, data.title)\n#par(data.words)\n#if data.replaced { unseen }"


def typeset(words: str) -> bytes:
    return pdf(SOURCE, {"title": "Un titre", "language": "fr", "words": words})


def test_a_document_says_its_title_its_language_and_its_structure() -> None:
    assert all(marks_of(typeset("Bonjour")).values())


def test_claire_reads_accents_and_symbols() -> None:
    words = "L’été à Nîmes, œuvre : 1 250,5 € (≤ 3 %) → « fin » ☐ ✓"
    assert words in text_of(typeset(words))


def test_nadia_s_arabic_and_emile_s_emoji_are_drawn() -> None:
    found = text_of(typeset("مرحبا 😀 👩‍👩‍👧 🇫🇷"))
    assert set("مرحبا😀") <= set(found)
    assert REPLACED not in found


def test_a_character_without_a_drawing_is_said_to_be_replaced() -> None:
    found = text_of(typeset("Le mot 漢字 en japonais"))
    assert f"Le mot {REPLACED}{REPLACED} en japonais" in found
    assert "remplace un caractère" in " ".join(found.split())
    assert "remplace" not in text_of(typeset("Rien à redire"))


def test_what_people_type_is_never_read_as_markup() -> None:
    hostile = '#import "x" $a^2$ *gras* _it_ `code` \\ #panic() @ref <b> = titre // fin'
    assert hostile in " ".join(text_of(typeset(hostile)).split())


def test_every_character_that_the_fonts_say_they_draw_is_drawn() -> None:
    spoken = [chr(point) for point in sorted(covered()) if point > 0x20]
    assert len(spoken) > 8000
    found = pdf(SOURCE, {"title": "Tout", "language": "fr", "words": " ".join(spoken)})
    assert found.startswith(b"%PDF")


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_whatever_emile_types_is_typeset(words: str) -> None:
    assert typeset(words).startswith(b"%PDF")


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            "a e \u0627 ب ש 😀 → \u0301 \u0330 \u0651 \u05b8 \u200d \ufe0f \u202e".split()
        ),
        max_size=12,
    )
)
def test_marks_on_any_letter_are_typeset(parts: list[str]) -> None:
    assert typeset("".join(parts)).startswith(b"%PDF")


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(words: str) -> None:
    for clean in (drawable, plain):
        assert clean(clean(words)) == clean(words)


def test_a_line_break_stays_one() -> None:
    assert drawable("un\r\ndeux\u2028trois\tquatre") == "un\ndeux\ntrois quatre"
    assert re.search(r"un\s+deux", text_of(typeset("un\ndeux")))
