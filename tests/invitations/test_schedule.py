"""When a campaign leaves, and how many messages may leave at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consultation.invitations.rules.schedule import HOURS, Schedule, allowance, due_at
from consultation.web.typography import in_paris

OPENING = datetime(2020, 12, 1, 8, tzinfo=UTC)
closings = st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
days = st.integers(1, 60)
hours = st.sampled_from(list(HOURS))


@given(closings, days, hours)
def test_a_reminder_leaves_at_its_hour_of_paris_so_many_days_before(closing, before, hour) -> None:
    moment = due_at(Schedule(days_before=before, hour=hour), OPENING, closing)
    assert moment is not None
    local = in_paris(moment)
    assert (local.hour, local.minute) == (hour, 0)
    assert (in_paris(closing).date() - local.date()).days == before


@given(closings, days, hours, st.integers(1, 90))
def test_a_reminder_moves_with_the_closing(closing, before, hour, later) -> None:
    plan = Schedule(days_before=before, hour=hour)
    moved = due_at(plan, OPENING, closing + timedelta(days=later))
    assert moved is not None and moved > due_at(plan, OPENING, closing)  # type: ignore[operator]


@given(closings, closings)
def test_a_date_does_not_move(closing: datetime, moment: datetime) -> None:
    assert due_at(Schedule(send_at=moment), OPENING, closing) == moment


@given(closings, closings)
def test_what_is_planned_at_the_opening_moves_with_it(opening: datetime, closing: datetime) -> None:
    assert due_at(Schedule(at_opening=True), opening, closing) == opening


@given(st.integers(1, 600), st.lists(st.integers(1, 120), max_size=40))
def test_never_more_than_the_limit_in_a_minute(per_minute: int, gaps: list[int]) -> None:
    now, posted = 0, []
    for gap in gaps:
        now += gap
        lately = sum(number for moment, number in posted if moment > now - 58)
        posted.append((now, allowance(per_minute, lately)))
    for start, _ in posted:
        window = [number for moment, number in posted if start <= moment < start + 58]
        assert sum(window) <= per_minute


def test_the_clocks_change_between_the_reminder_and_the_closing() -> None:
    closing = datetime(2022, 3, 30, 16, 0, tzinfo=UTC)  # 18 h in Paris, in summer time
    moment = due_at(Schedule(days_before=7, hour=9), OPENING, closing)
    assert moment == datetime(2022, 3, 23, 8, 0, tzinfo=UTC)  # 9 h in Paris, in winter time
