"""The measures say the truth about what they measure."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.conditions import Walk, all_conditional, measure
from bench.conditions_table import row as conditions_row
from bench.import_table import Imported, measure_imports
from bench.import_table import verdict as verdict_on_imports
from bench.journey import answer
from bench.journey_table import marks
from bench.journey_table import row as journey_row
from bench.journeys import Load, least
from bench.page_table import over, row, verdict
from bench.pages import Cost, measure_bare
from bench.questionnaires import REAL, questionnaire, whole_answers
from bench.respondents import cookie, people, scripts
from bench.sending import Sent
from bench.sending_table import rows
from bench.sending_table import verdict as verdict_on_sending
from bench.server import cpu_of
from bench.site import invite, open_consultation
from bench.weights import WEIGHED, _resident
from bench.wire import Fields
from bench.writer import Writer
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.path import walk
from consultation.questionnaires.problems import problems
from consultation.questionnaires.rules import findings
from consultation.responses import drafts
from consultation.responses.models import Submission

GOOD = Cost(statements=4, cpu_ms=3.9, size=19_900)


@pytest.mark.parametrize("size", [10, 39, 150])
def test_a_questionnaire_to_measure_has_its_questions_and_whole_answers(size: int) -> None:
    made = questionnaire(size)
    version = compile_version(made)
    assert findings(made) == []
    assert max(item.number for item in version.items.values()) == size
    path = walk(version, whole_answers(version), date(2022, 2, 1))
    assert problems(version, path, date(2022, 2, 1)) == []
    assert len(path.answers) >= 0.7 * size


def test_every_question_of_the_longest_path_has_a_condition_and_is_walked_in_time() -> None:
    found = measure(all_conditional(150))
    assert (found.questions, found.conditions) == (150, 149)
    assert 0 < found.cpu_ms < 5  # the mark is 1 ms: the machine of the tests is shared
    assert conditions_row(Walk(150, 149, 1.2)).endswith("| over its mark |")


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (GOOD, []),
        (Cost(5, 3.9, 19_900), ["statements"]),
        (Cost(4, 4.1, 19_900), ["CPU"]),
        (Cost(4, 3.9, 20_100), ["HTML"]),
        (Cost(9, 9.0, 99_000), ["statements", "CPU", "HTML"]),
    ],
)
def test_a_missed_budget_is_said_plainly(cost: Cost, said: list[str]) -> None:
    assert over(cost) == said
    line = row("39", "1", "5", "GET", cost, GOOD)
    assert ("over budget" in line) is bool(said)


def test_the_verdict_counts_what_is_missed() -> None:
    assert verdict(0) == "Every request is within its budget."
    assert verdict(2) == "2 requests over budget."


def test_the_bare_page_weighs_about_ten_kilobytes() -> None:
    bare = measure_bare()
    assert 9_000 < bare.size < 11_000
    assert bare.cpu_ms > 0


class Inside:
    """A browser without a socket."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    async def get(self, path: str) -> bytes:
        return self._client.get(path).data

    async def post(self, path: str, fields: Fields) -> str:
        answered = self._client.post(path, data=fields)
        assert answered.status_code == 303, path
        return urlsplit(answered.location).path


@pytest.mark.one_database
def test_every_respondent_of_the_measure_goes_from_the_consultation_to_a_receipt(
    db_session: Session, client: FlaskClient
) -> None:
    app = client.application
    consultation, version = open_consultation(db_session, REAL)
    typed = scripts(app, db_session, consultation, version, 2)
    newcomers = people(db_session, "newcomer", 2)
    db_session.commit()
    for user_id, script in zip(newcomers, typed, strict=True):
        for name, value in cookie(app, user_id).items():
            client.set_cookie(name, value)
        asyncio.run(answer(Inside(client), consultation.slug, script))
    assert typed[0] != typed[1]
    assert db_session.scalar(select(func.count()).select_from(Submission)) == 2


@pytest.mark.one_database
def test_the_writers_of_the_measure_save_and_send(db_session: Session) -> None:
    consultation, version = open_consultation(db_session, REAL)
    (user_id,) = invite(db_session, consultation, version, ["writer"])
    draft = drafts.draft(db_session, consultation.id, user_id)
    assert draft is not None
    writer = Writer(consultation, version, [draft], "secret")
    for turns in (writer.saves(), writer.sendings()):
        for _ in range(2):
            next(turns)(db_session)
    after = drafts.draft(db_session, consultation.id, user_id)
    assert after is not None
    assert max(section.revision for section in after.sections.values()) == 3
    assert db_session.scalar(select(func.count()).select_from(Submission)) == 2


def _load(cpu_ms: float, megabytes: float) -> Load:
    latencies = [number / 1000 for number in range(101)]
    return Load("SQLite", 8, 4, 2.0, latencies, cpu_ms, 0.9, 0.5, 0.2, megabytes, 60, whole=True)


def test_the_line_of_a_load_says_rates_waits_and_costs() -> None:
    line = journey_row(_load(3.4, 98))
    assert line == "| SQLite | 8 | 2.0 | 50 | 50 | 95 | 99 | 3.40 | 0.90 | 0.50 | 0.20 | 98 | 60 |"


@pytest.mark.parametrize(
    ("cpu_ms", "megabytes", "said"),
    [(3.9, 99, ("met", "met")), (4.1, 99, ("missed", "met")), (3.9, 101, ("met", "missed"))],
)
def test_the_worst_load_is_held_to_the_marks(
    cpu_ms: float, megabytes: float, said: tuple[str, str]
) -> None:
    sentence = marks([_load(1, 50), _load(cpu_ms, megabytes)])
    assert f": {cpu_ms:.1f} ms, {said[0]} (0.9 when least disturbed, met); " in sentence
    assert f"; {megabytes} MB, {said[1]} (60 " in sentence


def test_the_least_disturbed_moment_is_the_one_where_a_request_cost_least() -> None:
    samples = [(0.0, 0), (1.0, 100), (1.2, 150), (1.2, 150), (2.0, 250)]
    assert least(samples, 9.0) == pytest.approx(4)
    assert least([(0.0, 0)], 9.0) == 9.0


def test_each_database_is_held_to_the_marks_apart() -> None:
    light, heavy = _load(1, 50), replace(_load(5, 50), what="the other")
    sentence = marks([light, heavy])
    assert f"{light.what}: 1.0 ms, met (0.9 when least disturbed, met); 50 MB, met" in sentence
    assert "the other: 5.0 ms, missed (0.9 when least disturbed, met); 50 MB, met" in sentence


def test_what_is_loaded_when_it_is_asked_for_weighs_something() -> None:
    before, after = _resident(WEIGHED["results"])
    assert 20 < before < before + 2 < after


def test_what_the_log_adds_to_a_sending_is_said() -> None:
    sent = Sent(8, 0, 6.0, 0.5, 0.4, 0.2)
    assert rows(sent)[:2] == [
        "| sending, with the log | 8 | 6.00 |",
        "| sending, without it | 8 | 5.50 |",
    ]
    assert verdict_on_sending(sent).endswith("0, met.")
    assert verdict_on_sending(Sent(10, 2, 6.0, 0.5, 0.4, 0.2)).endswith("2, missed.")


def test_the_cpu_of_a_process_grows_as_it_works() -> None:
    before = cpu_of(os.getpid())
    sum(number * number for number in range(3_000_000))
    assert cpu_of(os.getpid()) > before > 0


def test_an_import_that_is_measured_reads_every_question() -> None:
    found = measure_imports(10)

    assert [one.format for one in found] == ["xlsform", "limesurvey", "json"]
    assert all(one.questions >= 10 and one.cpu > 0 for one in found)
    assert "missed" in verdict_on_imports([Imported("json", 1, 600, 3.2, 1)])
    assert "met" in verdict_on_imports([Imported("json", 1, 600, 1.2, 1)])
