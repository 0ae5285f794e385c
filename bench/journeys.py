"""Whole journeys over HTTP against the production server, on both databases, beside a bare page."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.journey import Script, answer
from bench.postgresql import database, process_of, server, version
from bench.questionnaires import REAL
from bench.respondents import cookie, people, scripts
from bench.server import Server, cpu_of, served
from bench.site import build, environ_of, open_consultation
from bench.wire import Browser
from consultation.db import db
from consultation.responses.models import Response, Submission

RUNS = {8: 128, 64: 256}
"""Respondents at once, and how many journeys they make in all."""

WARM_UP = 24
WINDOW = 1.5
"""Seconds: some twenty journeys of eight respondents at once."""

BARE, BARE_REQUESTS = "bare Flask page", 3000


@dataclass(frozen=True, slots=True)
class Load:
    """What was served to ``at_once`` respondents; times of CPU are for one request.

    ``least_ms`` is that of the server in the ``WINDOW`` of the run that others disturbed least.
    """

    what: str
    at_once: int
    journeys: int
    seconds: float
    latencies: list[float]
    cpu_ms: float
    least_ms: float
    database_ms: float
    client_ms: float
    megabytes: float
    shared_megabytes: float
    whole: bool
    """Whether each is a journey to the receipt, and not one page."""

    @property
    def requests(self) -> int:
        return len(self.latencies)

    def percentile_ms(self, share: float) -> float:
        """Return the latency, in ms, that ``share`` of the requests do not exceed."""
        return 1000 * sorted(self.latencies)[int(share * (self.requests - 1))]


Journey = Callable[[int, Browser], Awaitable[None]]
"""What one respondent does, by their number."""


def measure_journeys() -> Iterator[Load]:
    """Yield a bare page, then the journeys on SQLite and on PostgreSQL."""
    yield from _bare()
    yield from _journeys("SQLite", None)
    with server() as data:
        name, url = f"PostgreSQL {version(data)}", database(data, "journeys")
        yield from _journeys(name, url, process_of(data))


def _bare() -> Iterator[Load]:
    async def look(_number: int, browser: Browser) -> None:
        await browser.get("/")

    with (
        tempfile.TemporaryDirectory() as folder,
        served(environ_of(Path(folder)), "bench.bare:app") as running,
    ):
        asyncio.run(_visit(running, look, range(100), 8))
        for at_once in RUNS:
            yield _measured(BARE, running, look, range(BARE_REQUESTS), at_once)


def _journeys(name: str, url: str | None, process: int | None = None) -> Iterator[Load]:
    with tempfile.TemporaryDirectory() as folder:
        app = build(Path(folder), url)
        with app.app_context():
            house = House.furnished(app)
            db.engine.dispose()
        with served(environ_of(Path(folder), url), "wsgi:app") as running:
            asyncio.run(_visit(running, house.journey, range(WARM_UP), 16))
            first = WARM_UP
            for at_once, journeys in RUNS.items():
                numbers = range(first, first + journeys)
                yield _measured(name, running, house.journey, numbers, at_once, process)
                first += journeys
            said = running.errors()
        with app.app_context():
            house.check(db.session, said)
            db.engine.dispose()


@dataclass(frozen=True)
class House:
    """A consultation, and people with a session who have not begun."""

    slug: str
    consultation_id: int
    scripts: list[Script]
    cookies: list[dict[str, str]]

    @classmethod
    def furnished(cls, app: Flask) -> House:
        """Publish the consultation and open the accounts."""
        consultation, made = open_consultation(db.session, REAL)
        typed = scripts(app, db.session, consultation, made)
        users = people(db.session, "respondent", WARM_UP + sum(RUNS.values()))
        db.session.commit()
        cookies = [cookie(app, user_id) for user_id in users]
        return cls(consultation.slug, consultation.id, typed, cookies)

    async def journey(self, number: int, browser: Browser) -> None:
        """Make the journey of one person, from their session to their receipt."""
        browser.cookies.clear()
        browser.cookies.update(self.cookies[number])
        await answer(browser, self.slug, self.scripts[number % len(self.scripts)])

    def check(self, session: Session, said: str) -> None:
        """Raise ``RuntimeError`` unless every journey is a stored submission that counts."""
        sent = select(func.count()).select_from(Submission)
        counted = sent.join(Response, Response.submission_id == Submission.id)
        stored = session.scalar(sent), session.scalar(counted)
        if stored != (len(self.cookies),) * 2:
            raise RuntimeError(f"{len(self.cookies)} journeys ended, {stored} are stored")
        if said:
            raise RuntimeError(f"the server complained:\n{said}")


def _measured(
    what: str,
    running: Server,
    journey: Journey,
    numbers: range,
    at_once: int,
    process: int | None = None,
) -> Load:
    def spent() -> tuple[float, float, float]:
        return running.cpu(), cpu_of(process) if process else 0.0, time.process_time()

    samples: list[tuple[float, int]] = []
    before, start = spent(), time.perf_counter()
    latencies = asyncio.run(_visit(running, journey, numbers, at_once, samples))
    seconds = time.perf_counter() - start
    each = [1000 * (b - a) / len(latencies) for a, b in zip(before, spent(), strict=True)]
    resident, share = running.megabytes()
    return Load(
        what=what,
        at_once=at_once,
        journeys=len(numbers),
        seconds=seconds,
        latencies=latencies,
        cpu_ms=each[0],
        least_ms=least(samples, each[0]),
        database_ms=each[1],
        client_ms=each[2],
        megabytes=resident,
        shared_megabytes=share,
        whole=what != BARE,
    )


def least(samples: Sequence[tuple[float, int]], whole_ms: float) -> float:
    """Return the least CPU of a request between two samples, in ms; ``whole_ms`` when too short.

    ``samples`` are the seconds of CPU spent and the requests answered so far, at regular moments.
    """
    spent = [
        1000 * (after[0] - before[0]) / (after[1] - before[1])
        for before, after in pairwise(samples)
        if after[1] > before[1]
    ]
    return min(spent, default=whole_ms)


async def _visit(
    running: Server,
    journey: Journey,
    numbers: range,
    at_once: int,
    samples: list[tuple[float, int]] | None = None,
) -> list[float]:
    """Let ``at_once`` people make the journeys, one after the other; return every latency."""
    left, browsers = iter(numbers), [Browser(running.port) for _ in range(at_once)]

    async def come(browser: Browser) -> None:
        for number in left:
            await journey(number, browser)
        await browser.close()

    async def watch(seen: list[tuple[float, int]]) -> None:
        while True:
            seen.append((running.cpu(), sum(len(browser.seconds) for browser in browsers)))
            await asyncio.sleep(WINDOW)

    watching = asyncio.create_task(watch([] if samples is None else samples))
    await asyncio.gather(*map(come, browsers))
    watching.cancel()
    return [second for browser in browsers for second in browser.seconds]
