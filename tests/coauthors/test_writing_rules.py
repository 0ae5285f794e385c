"""The rules of writing together and signing, tried with whatever hypothesis thinks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.coauthors.rules import signing, writing
from consultation.coauthors.rules.writing import LONGEST_NOTE, PRESENT, Writer
from consultation.consultations.rules import Refused
from consultation.responses.draft import Draft, SavedSection

NOW = datetime(2022, 2, 10, 13, 32, tzinfo=UTC)
AGES = st.integers(min_value=-5, max_value=200).map(lambda s: timedelta(seconds=s))
SECTIONS = st.sampled_from(["a", "b", "c"])


@st.composite
def writers(draw: st.DrawFn) -> list[Writer]:
    seen = draw(st.lists(st.tuples(st.none() | SECTIONS, st.none() | AGES), max_size=5))
    return [
        Writer(number, f"Personne {number}", False, section, None if age is None else NOW - age)
        for number, (section, age) in enumerate(seen, 1)
    ]


@st.composite
def saves(draw: st.DrawFn) -> dict[str, SavedSection]:
    found = draw(st.dictionaries(SECTIONS, st.tuples(st.integers(1, 5), AGES, st.integers(1, 9))))
    return {
        key: SavedSection({}, revision, NOW - age, person)
        for key, (person, age, revision) in found.items()
    }


@given(writers(), saves(), st.integers(1, 5))
def test_whoever_is_there_gave_a_sign_within_a_minute_and_is_somebody_else(
    people: list[Writer], sections: dict[str, SavedSection], me: int
) -> None:
    found = writing.present(people, sections, me, NOW)
    assert me not in found
    for user_id, (section, at) in found.items():
        assert NOW - at <= PRESENT
        one = next(writer for writer in people if writer.user_id == user_id)
        saved = sections.get(section)
        by_page = (one.section, one.seen_at) == (section, at)
        by_save = saved is not None and (saved.saved_by, saved.saved_at) == (user_id, at)
        assert by_page or by_save
    for one in people:
        if one.section and one.seen_at and NOW - one.seen_at <= PRESENT and one.user_id != me:
            assert found[one.user_id][1] >= one.seen_at


@given(st.text(max_size=60) | st.just("a" * (LONGEST_NOTE + 1)) | st.just("a" * LONGEST_NOTE))
def test_a_note_is_kept_whole_or_refused(typed: str) -> None:
    try:
        kept = writing.clean_note(typed)
    except Refused as refused:
        assert refused.field == "text"
        return
    assert 0 < len(kept) <= LONGEST_NOTE
    assert writing.clean_note(kept) == kept


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], ""),
        (["Léa"], "Léa écrit dans cette partie en ce moment"),
        (["Awa", "Léa"], "Awa et Léa écrivent dans cette partie en ce moment"),
        (["Awa", "Léa", "Ida"], "Awa, Léa et Ida écrivent dans cette partie en ce moment"),
        (["A", "B", "C", "D"], "A, B et 2 autres écrivent dans cette partie en ce moment"),
        (
            ["Anne-Marguerite " * 9],
            "Anne-Marguerite Anne-Marguerite… écrit dans cette partie en ce moment",
        ),
    ],
)
def test_who_is_there_is_said_as_one_says_it(names: list[str], sentence: str) -> None:
    assert writing.here(names) == sentence


def test_nadia_reads_vous_and_the_names_of_the_others() -> None:
    people = [Writer(1, "Nadia", True), Writer(2, "Louise", False)]
    assert writing.in_charge([2, 1], people, 1) == "vous et Louise"
    assert writing.in_charge([1], people, 2) == "Nadia"
    assert writing.in_charge([7], people, 2) == ""
    people += [Writer(3, "Karim", False)]
    assert writing.in_charge([1, 2, 3], people, 1) == "vous et 2 autres"


@given(saves(), saves())
def test_the_sections_that_moved_are_those_whose_revision_is_another(
    before: dict[str, SavedSection], after: dict[str, SavedSection]
) -> None:
    def draft(sections: dict[str, SavedSection]) -> Draft:
        return Draft(1, 1, "draft", 1, None, sections)

    moved = signing.moved_since(draft(before).state(), draft(after))
    assert set(moved) == {
        key
        for key, saved in after.items()
        if key not in before or before[key].revision != saved.revision
    }
    assert signing.moved_since(draft(after).state(), draft(after)) == []


@given(st.none() | AGES, st.none() | AGES)
def test_a_signature_is_awaited_until_one_comes_after_it_was_asked_for(
    asked: timedelta | None, signed: timedelta | None
) -> None:
    awaited = signing.pending(
        None if asked is None else NOW - asked, None if signed is None else NOW - signed
    )
    if asked is None:
        assert not awaited
    elif signed is None:
        assert awaited
    else:
        assert awaited == (signed > asked)
