"""The files of a section: those a request adds, and the one it removes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from consultation.db import db
from consultation.questionnaires.compiled import Item
from consultation.questionnaires.kinds.file import most
from consultation.questionnaires.kinds.question import Answer
from consultation.responses import actions, attachments, file_store, queries
from consultation.responses.actions import KeptFile
from consultation.responses.attachments import RefusedFile
from consultation.responses.pages import Sight
from consultation.responses.reading import Posted
from consultation.responses.views.desk import Desk, desk, page
from consultation.web.access import requires


@dataclass
class Filing:
    """What a request does to the files of a section; ``answers`` are those of the section after."""

    answers: dict[str, Answer]
    added: list[tuple[str, KeptFile]] = field(default_factory=list)
    removed: str = ""
    refused: dict[str, str] = field(default_factory=dict)

    def record(self, response_id: int, user_id: int, now: datetime) -> None:
        """Write in the database what this request adds and removes."""
        if self.added:
            actions.attach(
                db.session, self.added, response_id=response_id, user_id=user_id, now=now
            )
        if self.removed and not actions.detach(
            db.session, response_id=response_id, name=self.removed
        ):
            self.removed = ""

    def forget_added(self) -> None:
        """Remove the bytes that were written for nothing."""
        for _, file in self.added:
            file_store.forget(_folder(), file.id)

    def forget_removed(self) -> None:
        """Remove the bytes of the file that nobody keeps."""
        if self.removed:
            file_store.forget(_folder(), self.removed)


def of_request(at: Desk, seen: Sight, posted: Posted, answers: Mapping[str, Answer]) -> Filing:
    """Keep the good files that came with this request, and say why the others are refused."""
    filing = Filing(dict(answers))
    for item in seen.items:
        if item.name == "file":
            _remove(filing, item, posted)
            _add(filing, item, at.language)
    return filing


def _remove(filing: Filing, item: Item, posted: Posted) -> None:
    key, name = posted.pressed or ("", "")
    files: list[dict[str, Any]] = filing.answers.get(item.key) or []
    if key != item.key or name not in [file["id"] for file in files]:
        return
    filing.removed = name
    left = [file for file in files if file["id"] != name]
    filing.answers.pop(item.key)
    if left:
        filing.answers[item.key] = left


def _add(filing: Filing, item: Item, language: str) -> None:
    for upload in request.files.getlist(item.key):
        if not upload.filename:
            continue
        upload.stream.seek(0)  # it was read already when others saved in between
        files, data = filing.answers.get(item.key) or [], upload.read()
        digest = hashlib.sha256(data).hexdigest()
        if digest in [file["sha256"] for file in files]:
            continue  # the same file twice: a button pressed twice
        if len(files) >= item.question.max_files:
            filing.refused[item.key] = most(item.question, language)
            return
        try:
            kept = _keep(upload, data, digest, item)
        except RefusedFile as refusal:
            filing.refused[item.key] = refusal.sentence
            continue
        filing.added.append((item.key, kept))
        filing.answers[item.key] = [*files, kept.as_answer()]


def _keep(upload: FileStorage, data: bytes, digest: str, item: Item) -> KeptFile:
    name, question = attachments.clean_name(upload.filename or ""), item.question
    media_type = attachments.check(name, data, question.extensions, question.max_megabytes)
    kept = KeptFile(file_store.new_name(), name, media_type, len(data), digest)
    file_store.keep(_folder(), kept.id, data)
    return kept


@page("/fichiers/<name>")
@requires(of="consultation")
def attachment(slug: str, name: str, shared: int | None = None) -> ResponseReturnValue:
    """Give back a file to the person who attached it, or to their co-authors."""
    at = desk(shared)
    found = queries.attachment(db.session, at.consultation_id, at.user_id, name, shared)
    if found is None:
        raise NotFound
    path = file_store.path(_folder(), found.id)
    if not path.exists():
        raise NotFound
    response = send_file(
        path, found.media_type, as_attachment=True, download_name=found.name, max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].files_path
    return folder
