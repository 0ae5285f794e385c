"""Add and remove a document. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.consultations import promises
from consultation.consultations.actions import tell
from consultation.consultations.documents.rules import MOST_DOCUMENTS, check_file
from consultation.consultations.models import Consultation, Document
from consultation.consultations.rules import Refused
from consultation.lib.file_store import FileStore
from consultation.web.typography import NBSP


def add_document(
    session: Session,
    store: FileStore,
    consultation: Consultation,
    *,
    title: str,
    kind: str,
    name: str,
    data: bytes,
    actor_id: int,
    now: datetime,
) -> Document:
    """Keep the file and list it last; raise :class:`Refused` when it may not stay."""
    if len(consultation.documents) >= MOST_DOCUMENTS:
        raise Refused("file", f"Retirez un document{NBSP}: il y en a {MOST_DOCUMENTS} au plus")
    name, media_type = check_file(name, data)
    document = Document(
        position=max((d.position for d in consultation.documents), default=0) + 1,
        kind=kind,
        title=title,
        file_name=name,
        media_type=media_type,
        size=len(data),
        sha256=store.add(data),
    )
    consultation.documents.append(document)
    session.flush()
    tell(session, consultation, "documents", f"Document ajouté{NBSP}: {title}.", now)
    _journal(session, consultation, document, "add_document", actor_id, now)
    return document


def remove_document(
    session: Session,
    consultation: Consultation,
    document: Document,
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Remove a document; a published consultation keeps those that it must give."""
    others = [d.kind for d in consultation.documents if d is not document]
    if consultation.state == "published":
        for refused in promises.missing_documents(consultation.mode, others):
            raise Refused("documents", f"{refused.sentence}, puis retirez celui-ci")
    _journal(session, consultation, document, "remove_document", actor_id, now)
    tell(session, consultation, "documents", f"Document retiré{NBSP}: {document.title}.", now)
    session.delete(document)
    session.flush()
    session.expire(consultation, ["documents"])


def _journal(
    session: Session,
    consultation: Consultation,
    document: Document,
    verb: str,
    actor_id: int,
    now: datetime,
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="document",
        subject_id=document.id,
        consultation_id=consultation.id,
        now=now,
        details={"sha256": document.sha256},
    )
