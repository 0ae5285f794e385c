"""What happened to a person, page by page, and until when they have read it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts.actions import read_notices
from consultation.accounts.notices import is_unread
from consultation.accounts.notices import notices as told
from consultation.accounts.views.desk import SPACE, blueprint
from consultation.accounts.views.paging import Paging
from consultation.db import db
from consultation.web.access import requires
from consultation.web.frame import now, render

SIZE = 20
LAST = 50
"""The last page: what is older is on the pages of each consultation."""


@blueprint.get(f"{SPACE}/notifications")
@requires()
def notices() -> ResponseReturnValue:
    """List what happened, the latest first."""
    number = min(Paging.asked(SIZE * LAST * 10).number, LAST)
    found = told(db.session, current_user, now(), limit=SIZE + 1, offset=(number - 1) * SIZE)
    return render(
        "accounts/notices.html",
        shown=found[:SIZE],
        is_unread=is_unread,
        number=number,
        more=len(found) > SIZE and number < LAST,
        until=now().isoformat(),
    )


@blueprint.post(f"{SPACE}/notifications")
@requires()
def mark_read() -> ResponseReturnValue:
    """Remember that the person has read what the page showed, and nothing that came after."""
    read_notices(current_user, request.form.get("_jusqu", ""), now())
    db.session.commit()
    return redirect(url_for("accounts.notices"), 303)
