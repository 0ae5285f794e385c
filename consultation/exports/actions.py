"""Asking for an export and making its file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.exports import individual, rules
from consultation.exports.formats.delimited import EXCEL_FR, OPEN_DATA, Delimited, Dialect
from consultation.exports.models import ExportJob
from consultation.exports.queries import versions
from consultation.lib.file_store import FileStore
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.kinds.question import say
from consultation.responses.queries import counts, current_submissions

STEP = 500


def request(
    session: Session,
    consultation: Consultation,
    *,
    kind: str,
    purpose: str,
    user_id: int,
    user_name: str,
    now: datetime,
) -> ExportJob:
    """Add an export to be made, flushed; individual answers are journalled with their purpose.

    Raises:
        RefusedExportError: a rule refuses it.
    """
    purpose = " ".join(purpose.split())
    rules.check(kind, purpose)
    _, sent = counts(session, consultation.id)
    job = ExportJob(
        consultation_id=consultation.id,
        asked_by=user_id,
        asker_name=user_name,
        kind=kind,
        purpose=purpose,
        total=sent,
        created_at=now,
    )
    session.add(job)
    session.flush()
    record(
        session,
        actor_id=user_id,
        verb="export_individual" if rules.KINDS[kind].individual else "export",
        subject="export",
        subject_id=job.id,
        consultation_id=consultation.id,
        now=now,
        details={"kind": kind, "submissions": sent},
    )
    return job


def claim_next(session: Session, now: datetime) -> int | None:
    """Take one waiting export, or one whose worker stopped half-way; return its identifier."""
    waiting = (ExportJob.state == "waiting") | (
        (ExportJob.state == "running") & (ExportJob.finished_at < now - rules.STUCK)
    )
    number = session.scalar(select(ExportJob.id).where(waiting).order_by(ExportJob.id).limit(1))
    if number is None:
        return None
    return number if claim(session, number, now) else None


def claim(session: Session, number: int, now: datetime) -> bool:
    """Say whether this worker may make the export; two workers never make the same."""
    taken = session.execute(
        update(ExportJob)
        .where(
            ExportJob.id == number,
            (ExportJob.state == "waiting")
            | ((ExportJob.state == "running") & (ExportJob.finished_at < now - rules.STUCK)),
        )
        .values(state="running", finished_at=now)
        .returning(ExportJob.id)
    ).first()
    return taken is not None


def make(
    session: Session,
    job: ExportJob,
    store: FileStore,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Make the file of a claimed export and keep it. ``progress`` is told the rows done."""
    consultation = session.get_one(Consultation, job.consultation_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        job.done = _WRITERS[job.kind](session, consultation, path, now, progress)
        data = path.read_bytes()
        job.digest, job.size = store.add(data), len(data)
    job.state, job.finished_at, job.expires_at = "done", now, now + rules.KEPT


def fail(job: ExportJob, now: datetime) -> None:
    """Note that an export could not be made."""
    job.state, job.finished_at, job.digest = "failed", now, None


def expire(session: Session, now: datetime) -> int:
    """Forget the files of exports whose link is over; return how many."""
    over = (ExportJob.state == "done") & (ExportJob.expires_at <= now)
    done = session.execute(
        update(ExportJob).where(over).values(state="expired", digest=None).returning(ExportJob.id)
    )
    return len(done.all())


Progress = Callable[[int], None]


def _current(session: Session, consultation: Consultation) -> CompiledVersion:
    return next(iter(versions(session, consultation).values()))


def _aggregated_csv(
    session: Session, consultation: Consultation, path: Path, now: datetime, progress: Progress
) -> int:
    return _delimited(session, consultation, path, OPEN_DATA, progress)


def _aggregated_csv_fr(
    session: Session, consultation: Consultation, path: Path, now: datetime, progress: Progress
) -> int:
    return _delimited(session, consultation, path, EXCEL_FR, progress)


def _delimited(
    session: Session, consultation: Consultation, path: Path, dialect: Dialect, progress: Progress
) -> int:
    # What counts and pandas weigh 60 MB: only what makes a file loads them.
    from consultation.exports import tabulated
    from consultation.exports.formats import frame

    found = tabulated.tables(session, consultation, _current(session, consultation))
    table = frame.frame(row for each in found for row in tabulated.rows(consultation.slug, each))
    frame.write(path, table, dialect)
    return len(table)


def _aggregated_xlsx(
    session: Session, consultation: Consultation, path: Path, now: datetime, progress: Progress
) -> int:
    from consultation.exports import tabulated
    from consultation.exports.formats import workbook

    version = _current(session, consultation)
    thresholds = (
        consultation.minimum_organisations,
        consultation.minimum_individuals,
        consultation.dominance,
    )
    about = workbook.about(
        consultation.slug,
        say(consultation.title),
        thresholds,
        tuple(reversed(counts(session, consultation.id))),  # type: ignore[arg-type]
        version.digest,
        now,
    )
    return workbook.write(path, version, tabulated.tables(session, consultation, version), about)


def _individual_csv(
    session: Session, consultation: Consultation, path: Path, now: datetime, progress: Progress
) -> int:
    found = versions(session, consultation)
    columns = [column.name for column in individual.columns(list(found.values()))]
    total = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = Delimited(stream, columns, OPEN_DATA)
        for block in current_submissions(session, consultation.id, block=STEP):
            writer.add(_numbered(block, total, found))
            total += len(block)
            progress(total)
    return total


def _numbered(
    block: Any, total: int, found: dict[int, CompiledVersion]
) -> Iterator[dict[str, Any]]:
    current = next(iter(found.values()))
    for number, submission in enumerate(block, total + 1):
        yield individual.row(number, submission, found[submission.version_id], current)


def _codebook_csv(
    session: Session, consultation: Consultation, path: Path, now: datetime, progress: Progress
) -> int:
    lines = list(individual.codebook(list(versions(session, consultation).values())))
    with path.open("w", encoding="utf-8", newline="") as stream:
        Delimited(stream, individual.CODEBOOK, OPEN_DATA).add(lines)
    return len(lines)


_WRITERS: dict[str, Callable[..., int]] = {
    "aggregated_csv": _aggregated_csv,
    "aggregated_csv_fr": _aggregated_csv_fr,
    "aggregated_xlsx": _aggregated_xlsx,
    "individual_csv": _individual_csv,
    "codebook_csv": _codebook_csv,
}
