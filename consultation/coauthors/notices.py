"""The letters between co-authors. None of them holds an answer or the text of a note.

Each kind goes to a person once in any hour: what happens less than an hour after a letter is told
by one more, when that hour is over. A signature asked for after the former request was answered is
another matter, and is told at once, instead of by a letter that waited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from consultation.coauthors.rules.letters import ANSWERED
from consultation.mail.actions import give_up_waiting, post
from consultation.mail.queries import last_due
from consultation.questionnaires.kinds.question import say
from consultation.web.typography import moment_fr, spaced

INTERVAL = timedelta(hours=1)
"""Between two letters of one kind to one person about one response."""


@dataclass(frozen=True, slots=True)
class About:
    """The response a letter is about. ``address`` is that of its list of sections."""

    response_id: int
    organisation: str
    consultation: Mapping[str, str]
    closes_at: datetime
    address: str

    @property
    def named(self) -> str:
        return f"la contribution de {self.organisation} à la consultation « {self.title} »"

    @property
    def title(self) -> str:
        return say(self.consultation)


def signature_asked(
    session: Session,
    about: About,
    asker: str,
    to: Mapping[int, str],
    now: datetime,
    *,
    repeated: bool,
) -> None:
    """Ask each signatory (number -> address) to read and sign.

    ``repeated``: they have not answered the former request, so this one waits for its hour.
    """
    text = (
        f"{asker} vous demande de signer {about.named}.\n\n"
        f"Lisez ce qui a changé, puis signez avant le {moment_fr(about.closes_at)} (heure de "
        f"Paris) :\n{about.address}/relire\n\n"
        "Rien n’est envoyé sans la signature d’un signataire.\n"
    )
    if not repeated:
        give_up_waiting(session, _keys("signature", about), list(to.values()), ANSWERED, now)
    _post(session, "signature", about, to, f"À signer : {about.title}", text, now, repeated)


def sent_back(
    session: Session, about: About, signatory: str, to: Mapping[int, str], now: datetime
) -> None:
    """Tell the others that a signatory gives the draft back."""
    text = (
        f"{signatory} n’a pas signé {about.named} et vous la renvoie avec une note.\n\n"
        f"Lisez la note :\n{about.address}/notes\n"
    )
    _post(session, "sent-back", about, to, f"À reprendre : {about.title}", text, now)


def shared_out(
    session: Session,
    about: About,
    giver: str,
    shares: Mapping[int, Iterable[str]],
    to: Mapping[int, str],
    now: datetime,
) -> None:
    """Tell each person (number -> labels) what they have just been given to look after."""
    for user_id, labels in shares.items():
        lines = "\n".join(f"– {label}" for label in labels)
        text = (
            f"{giver} vous confie, dans {about.named} :\n\n{lines}\n\n"
            f"Retrouvez tout ce qui vous est confié :\n{about.address}?parties=miennes\n\n"
            "Les autres co-auteurs peuvent écrire aussi dans ces parties.\n"
        )
        one = {user_id: to[user_id]}
        _post(session, "shared-out", about, one, f"À écrire : {about.title}", text, now)


def noted(
    session: Session, about: About, author: str, to: Mapping[int, str], now: datetime
) -> None:
    """Tell whoever looks after something that a note was written about it."""
    text = (
        f"{author} a écrit une note sur ce qui vous est confié dans {about.named}.\n\n"
        f"Lisez les notes :\n{about.address}/notes\n"
    )
    _post(session, "noted", about, to, f"Une note : {about.title}", text, now)


def _post(
    session: Session,
    kind: str,
    about: About,
    to: Mapping[int, str],
    subject: str,
    text: str,
    now: datetime,
    repeated: bool = True,
) -> None:
    words, keys = spaced(f"Bonjour,\n\n{text}"), _keys(kind, about)
    last = last_due(session, keys, list(to.values())) if repeated else {}
    for user_id, address in sorted(to.items()):
        due_at = _due(last.get(address), now)
        if due_at is not None:
            post(
                session,
                key=f"{keys}{user_id}:{int(due_at.timestamp())}",
                to=address,
                subject=spaced(subject),
                text=words,
                now=now,
                due_at=due_at,
            )


def _keys(kind: str, about: About) -> str:
    return f"co-authors:{kind}:{about.response_id}:"


def _due(last: datetime | None, now: datetime) -> datetime | None:
    """Return when the next letter leaves; ``None`` when one is waiting already."""
    if last is None or last + INTERVAL <= now:
        return now
    return None if last > now else last + INTERVAL
