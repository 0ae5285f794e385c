"""The three consultations of the demonstration: one open, the same one closed, one to come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import typst
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation, Document, Milestone
from consultation.demo.resources import DOCUMENTS, sheet
from consultation.lib.file_store import FileStore
from consultation.territories.models import Cluster, Territory
from consultation.web.typography import PARIS, in_paris

LAST_SECOND = time(23, 59, 59)
FIRST_HOUR = time(9)
MODALITIES = (
    "theme", "purpose", "organiser", "audience", "outcome", "answers_visibility", "contact",
    "privacy_notice", "recipients", "retention", "data_protection_contact", "legal_basis",
    "mode", "comments_mode", "minimum_organisations", "minimum_individuals", "dominance",
)  # fmt: skip
"""What goes from the data file to the consultation as it is written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One consultation to make: its sheet, its address, its dates and its phases."""

    source: dict[str, Any]
    slug: str
    title: dict[str, str]
    notice: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    results_on: date | None
    phases: Sequence[dict[str, Any]]

    def renamed(self, suffix: str) -> Plan:
        """Return the same plan under another address."""
        return replace(self, slug=self.slug + suffix)


def open_plan(now: datetime) -> Plan:
    """Return the consultation of 2022 with its dates moved, so that it is open ``now``."""
    source = sheet("poles_2022")
    moved = source["demonstration"]["open"]
    return Plan(
        source=source,
        slug=moved["slug"],
        title=source["title"],
        notice=_notice(source["demonstration"]),
        opens_at=_at(now, moved["opens_in_days"], FIRST_HOUR),
        closes_at=_at(now, moved["closes_in_days"], LAST_SECOND),
        results_on=_day(now, moved["results_in_days"]),
        phases=[_moved(phase, now) for phase in moved["phases"]],
    )


def closed_plan() -> Plan:
    """Return the consultation of 2022 with its real dates."""
    source = sheet("poles_2022")
    own = source["demonstration"]["closed"]
    suffixes = {"fr": own["title_suffix"], "en": own["title_suffix_en"]}
    return Plan(
        source=source,
        slug=own["slug"],
        title={language: text + suffixes[language] for language, text in source["title"].items()},
        notice=_notice(source["demonstration"]),
        opens_at=datetime.fromisoformat(source["opens_at"]),
        closes_at=datetime.fromisoformat(source["closes_at"]),
        results_on=source["results_on"],
        phases=[_dated(phase) for phase in source["phases"]],
    )


def coming_plan(now: datetime) -> Plan:
    """Return the consultation that has not opened yet."""
    source = sheet("agenda_rural")
    return Plan(
        source=source,
        slug=source["slug"],
        title=source["title"],
        notice=_notice(source),
        opens_at=_at(now, source["opens_in_days"], FIRST_HOUR),
        closes_at=_at(now, source["closes_in_days"], LAST_SECOND),
        results_on=_day(now, source["results_in_days"]),
        phases=[_moved(phase, now) for phase in source["phases"]],
    )


def _notice(source: dict[str, Any]) -> dict[str, str]:
    return {"fr": source["notice"], "en": source["notice_en"]}


def _day(now: datetime, days: int) -> date:
    return in_paris(now).date() + timedelta(days=days)


def _at(now: datetime, days: int, hour: time) -> datetime:
    return datetime.combine(_day(now, days), hour, PARIS)


def _moved(phase: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "title": phase["title"],
        "detail": phase["detail"],
        "starts_on": _day(now, phase["starts_in_days"]),
        "ends_on": _day(now, phase["ends_in_days"]),
    }


def _dated(phase: dict[str, Any]) -> dict[str, Any]:
    days = {key: phase.get(key) for key in ("starts_on", "ends_on")}
    read = {key: date.fromisoformat(day) if day else None for key, day in days.items()}
    return {"title": phase["title"], "detail": phase["detail"], **read}


def make(session: Session, files: FileStore, plan: Plan, version_id: int) -> Consultation:
    """Add the consultation of ``plan`` as a draft, with its documents and phases, flushed."""
    made_at = plan.opens_at - timedelta(days=30)
    consultation = Consultation(
        slug=plan.slug,
        state="draft",
        title=plan.title,
        summary=_labelled(plan.source["summary"], plan.notice),
        presentation=plan.source["presentation"],
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        results_on=plan.results_on,
        version_id=version_id,
        demonstration=True,
        created_at=made_at,
        **{name: plan.source[name] for name in MODALITIES},
    )
    consultation.milestones = [
        Milestone(position=position, **phase) for position, phase in enumerate(plan.phases, 1)
    ]
    consultation.documents = _documents(session, files, plan.source["documents"])
    session.add(consultation)
    session.flush()
    return consultation


def _labelled(texts: dict[str, str], notice: dict[str, str]) -> dict[str, str]:
    """Say in the summary itself that everything is synthetic."""
    return {language: f"{text} {notice[language]}" for language, text in texts.items()}


def _documents(
    session: Session, files: FileStore, sources: Sequence[dict[str, str]]
) -> list[Document]:
    clusters = json.dumps(_clusters(session), ensure_ascii=False)
    documents = []
    for position, source in enumerate(sources, 1):
        data = compiled(source["source"], clusters)
        documents.append(
            Document(
                position=position,
                title=source["title"],
                file_name=source["file_name"],
                media_type="application/pdf",
                size=len(data),
                sha256=files.add(data),
            )
        )
    return documents


@lru_cache(maxsize=8)
def compiled(name: str, clusters: str) -> bytes:
    """Return the tagged PDF (PDF/UA-1) of a source of the data folder.

    Remembered: the open consultation and the closed one show the same documents.
    """
    data: bytes = typst.compile(
        DOCUMENTS / name,
        root=DOCUMENTS,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"clusters": clusters},
    )
    return data


def _clusters(session: Session) -> list[dict[str, str]]:
    """Return the clusters labelled in 2022, by name."""
    regions = session.scalars(select(Territory).where(Territory.kind == "region"))
    names = {region.code: region.name for region in regions}
    day = date(2022, 1, 20)
    found = session.scalars(select(Cluster).order_by(Cluster.name))
    return [
        {"name": c.name, "sector": c.sector, "region": names[c.seat_region_code]}
        for c in found
        if (c.valid_from is None or c.valid_from <= day)
        and (c.valid_until is None or day < c.valid_until)
    ]
