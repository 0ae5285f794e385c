"""The one door of figures: what Claire gets, and what she cannot compute from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.queries import forget_compiled
from consultation.results import queries
from consultation.results.figures import (
    Masked,
    RefusedRequestError,
    SafeTable,
    TableRequest,
)
from consultation.results.models import Snapshot
from consultation.results.snapshots import forget_figures
from tests.house.statements import counted_statements
from tests.results.sample import REGIONS, TYPES, answered, consulted, people

QUESTIONS = ("accord", "filieres", "missions", "rang", "cotisation", "parts", "depuis", "content")


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    yield
    forget_figures()
    forget_compiled()


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    found = consulted(db_session)
    answered(db_session, found, people(160, 11))
    return found


def table(session: Session, consultation: Consultation, key: str, **more: Any) -> SafeTable:
    return queries.table(session, TableRequest(consultation, key, **more))


def count(figure: object) -> int:
    assert isinstance(figure, int)
    return figure


def test_claire_reads_a_question_of_one_choice(
    db_session: Session, consultation: Consultation
) -> None:
    found = table(db_session, consultation, "membre")
    said = [each["membre"] for each in people(160, 11)]
    rows = {row.value: row for row in found.lines[0].rows}
    assert found.seen == found.answered == (160,)
    assert rows["oui"].counts == (said.count("oui"),)
    assert rows["oui"].shares == (said.count("oui") / 160,)
    assert not found.masked


def test_no_opinion_is_left_out_of_means_and_shares(
    db_session: Session, consultation: Consultation
) -> None:
    (line,) = table(db_session, consultation, "accord").lines
    said = [each["accord"] for each in people(160, 11) if "accord" in each]
    known = [int(value) for value in said if value != "nsp"]
    assert line.answered == (len(said),)
    assert line.expressed == (len(known),)
    assert line.mean[0] == pytest.approx(sum(known) / len(known))
    assert line.top[0] == pytest.approx(sum(value >= 4 for value in known) / len(known))
    assert line.rows[0].shares[0] == pytest.approx(known.count(1) / len(known))


def test_a_ranking_of_two_of_three_says_who_was_left_out(
    db_session: Session, consultation: Consultation
) -> None:
    lines = {line.value: line for line in table(db_session, consultation, "rang").lines}
    said = [each["rang"] for each in people(160, 11) if "rang" in each]
    ranked = [each.index("a") + 1 for each in said if "a" in each]
    assert lines["a"].answered == (len(said),)
    assert lines["a"].expressed == (len(ranked),)
    assert lines["a"].mean[0] == pytest.approx(sum(ranked) / len(ranked))
    assert lines["a"].top[0] == pytest.approx(len(ranked) / len(said))
    assert lines["a"].rows[0].shares[0] == pytest.approx(ranked.count(1) / len(said))


def test_the_base_is_who_saw_the_question(db_session: Session, consultation: Consultation) -> None:
    members = sum(each["membre"] == "oui" for each in people(160, 11))
    assert table(db_session, consultation, "content").seen == (members,)


def test_texts_give_a_number_and_no_text(db_session: Session, consultation: Consultation) -> None:
    found = table(db_session, consultation, "idee")
    assert found.lines == ()
    assert "Une idée à soi" not in repr(found)


def test_an_answer_never_to_be_published_has_no_table(
    db_session: Session, consultation: Consultation
) -> None:
    with pytest.raises(LookupError):
        table(db_session, consultation, "nom")


# --- what is computed by comparing ---------------------------------------------------------------


def test_a_filter_and_a_crossing_say_the_same(
    db_session: Session, consultation: Consultation
) -> None:
    """Whatever the way to a cell, it is shown or masked alike: nothing to compare."""
    for key, (by, values) in product(QUESTIONS, (("acteur", TYPES), ("region", REGIONS))):
        crossed = table(db_session, consultation, key, by=by)
        for column, value in enumerate(values, 1):
            filtered = table(db_session, consultation, key, filters={by: value})
            assert filtered.seen[0] == crossed.seen[column]
            for mine, other in zip(filtered.lines, crossed.lines, strict=True):
                assert mine.answered[0] == other.answered[column]
                for a, b in zip(mine.rows, other.rows, strict=True):
                    assert a.counts[0] == b.counts[column]
                    assert a.shares[0] == b.shares[column]


def test_what_is_masked_is_in_no_percentage_mean_or_base(
    db_session: Session, consultation: Consultation
) -> None:
    seen = set()
    for key, by in product(QUESTIONS, (None, "acteur", "region")):
        found = table(db_session, consultation, key, by=by)
        for line, column in product(found.lines, range(len(found.columns))):
            masked = [row for row in line.rows if isinstance(row.counts[column], Masked)]
            for row in line.rows:
                if isinstance(row.shares[column], float):
                    assert row.shares[column] == row.counts[column] / count(row.bases[column])
            assert all(isinstance(row.shares[column], Masked) for row in masked)
            if found.kind in ("scale", "matrix", "ranking") and any(
                not row.no_opinion for row in masked
            ):
                seen.add(key)
                assert isinstance(line.mean[column], Masked)
            if isinstance(found.answered[column], Masked):
                assert all(isinstance(row.counts[column], Masked) for row in line.rows)
            if isinstance(found.seen[column], Masked):
                assert isinstance(found.answered[column], Masked)
    assert seen, "nothing was masked: the sample proves nothing"


def test_no_cell_comes_back_by_subtraction(db_session: Session, consultation: Consultation) -> None:
    """What is masked in a row adds up to nobody, or to several groups."""
    for key, by in product(QUESTIONS, ("acteur", "region")):
        found = table(db_session, consultation, key, by=by)
        for line in found.lines:
            for row in line.rows:
                everybody, *groups = row.counts
                hidden = sum(isinstance(each, Masked) for each in groups)
                if hidden == 1 and not isinstance(everybody, Masked):
                    assert sum(each for each in groups if isinstance(each, int)) == everybody


def test_two_petr_are_masked_wherever_they_are_alone(
    db_session: Session, consultation: Consultation
) -> None:
    petr = [each for each in people(160, 11) if each["acteur"] == "petr"]
    assert 0 < len({each["region"] for each in petr}) <= len(petr) < 11
    found = table(db_session, consultation, "membre", filters={"acteur": "petr", "region": "84"})
    assert found.too_few


def test_a_raised_threshold_masks_more(db_session: Session, consultation: Consultation) -> None:
    before = table(db_session, consultation, "accord", by="acteur")
    consultation.minimum_organisations = 30
    db_session.commit()
    after = table(db_session, consultation, "accord", by="acteur")
    assert masked_in(after) > masked_in(before)


def masked_in(found: SafeTable) -> int:
    return sum(isinstance(figure, Masked) for figure in found.figures())


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [([900, 50, 50], False), ([850, 100, 50], True), ([-900, 50, 50], False)],
)
def test_one_company_does_not_make_nearly_all_of_an_amount(
    db_session: Session, amounts: list[int], shown: bool
) -> None:
    found = consulted(db_session)
    given = [
        {"acteur": "pme", "region": "11", "cotisation": amount, "accord": "4"} for amount in amounts
    ]
    answered(db_session, found, given)
    (line,) = table(db_session, found, "cotisation").lines
    assert line.answered == (3,)
    if shown:
        assert line.mean == (pytest.approx(1000 / 3),)
    else:
        assert line.mean == line.median == (Masked("dominance"),)


# --- what is kept --------------------------------------------------------------------------------


def test_a_second_reading_costs_two_statements(
    db_session: Session, consultation: Consultation
) -> None:
    queries.summary(db_session, consultation, 2, by="acteur")
    db_session.commit()
    parts = {each.part for each in db_session.scalars(select(Snapshot))}
    assert parts == {"counts", "section:2"}
    with counted_statements() as statements:
        queries.summary(db_session, consultation, 2, {"acteur": "pme"})
    assert len(statements) <= 2


def test_another_process_reads_what_was_kept(
    db_session: Session, consultation: Consultation
) -> None:
    first = queries.summary(db_session, consultation, 2, by="region")
    db_session.commit()
    forget_figures()
    with counted_statements() as statements:
        assert queries.summary(db_session, consultation, 2, by="region") == first
    assert not any("submissions.codes" in statement for statement in statements)


def test_a_new_answer_is_counted_at_once(db_session: Session, consultation: Consultation) -> None:
    assert table(db_session, consultation, "membre").seen == (160,)
    db_session.commit()
    answered(db_session, consultation, people(3, 99))
    assert table(db_session, consultation, "membre").seen == (163,)


def test_a_withdrawn_answer_is_counted_no_more(
    db_session: Session, consultation: Consultation
) -> None:
    table(db_session, consultation, "membre")
    (last,) = answered(db_session, consultation, people(1, 99))
    assert table(db_session, consultation, "membre").seen == (161,)
    from consultation.audit.actions import record
    from consultation.responses.models import Response
    from tests.results.sample import SENT

    response = db_session.get_one(Response, last.response_id)
    response.status, response.submission_id = "withdrawn", None
    record(
        db_session, actor_id=None, verb="withdraw", subject="response",
        subject_id=response.id, now=SENT,
    )  # fmt: skip
    db_session.commit()
    assert table(db_session, consultation, "membre").seen == (160,)


# --- what is asked wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "accord"},
        {"by": "acteur", "filters": {"acteur": "pme"}},
        {"filters": {"acteur": "extraterrestre"}},
        {"filters": {"membre": "oui"}},
        {"by": "acteur", "filters": {"region": "11"}, "audience": "public"},
    ],
)
def test_what_is_not_offered_is_refused(
    db_session: Session, consultation: Consultation, wrong: dict[str, Any]
) -> None:
    with pytest.raises(RefusedRequestError):
        table(db_session, consultation, "accord", **wrong)


def test_an_empty_consultation_divides_nothing(db_session: Session) -> None:
    found = consulted(db_session)
    for key in QUESTIONS:
        empty = table(db_session, found, key, by="acteur")
        assert empty.seen[0] == empty.answered[0] == 0
        assert all(
            share is None for line in empty.lines for row in line.rows for share in row.shares
        )
        assert not empty.masked
