"""Every head only adds to the one before it, and whoever kept a list can check it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency
from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from consultation import verify
from consultation.lib import merkle
from consultation.transparency import queries, rules, verifying
from consultation.transparency.actions import CHAINED, extend
from consultation.transparency.models import LogHead, LogLeaf
from tests.consultations.making import CLOSES
from tests.house.statements import counted_statements
from tests.transparency.making import KEY, NOW, files, send

OTHER = rules.signing_key("the secret of another site")


def grow(session: Session, consultation_id: int, counts: Sequence[int]) -> list[int]:
    """Send and sign in turns; return the submissions."""
    sent: list[int] = []
    for turn, count in enumerate(counts):
        sent += send(session, consultation_id, count, first=len(sent) + 1)
        extend(session, KEY, NOW + timedelta(minutes=turn))
        session.commit()
    return sent


def published(session: Session) -> dict[str, Any]:
    return queries.published(session, KEY.public_key().public_bytes_raw().hex())


def test_awa_s_receipt_of_the_first_day_is_shown_in_the_latest_head(
    db_session: Session, consultation_id: int
) -> None:
    sent = grow(db_session, consultation_id, [3, 1, 300, 7])
    receipt, heads = files(db_session, sent[1])
    verdict = verifying.verify(receipt, heads)
    assert verdict.proved
    assert verdict.sentence.endswith("The 3 later heads only add to it.")
    assert [(step["old"], step["new"]) for step in heads["consistency"]] == [
        (304, 311), (4, 304), (3, 4),
    ]  # fmt: skip
    last, _ = files(db_session, sent[-1])
    assert "later" not in verifying.verify(last, heads).sentence


@pytest.mark.one_database
def test_the_proofs_are_those_of_another_implementation(
    db_session: Session, consultation_id: int
) -> None:
    grow(db_session, consultation_id, [3, 1, 300, 7, 201])
    tree = InmemoryTree(algorithm="sha256")
    for entry in db_session.scalars(select(LogLeaf.entry).order_by(LogLeaf.position)):
        tree.append_entry(bytes.fromhex(entry))
    for step in published(db_session)["consistency"]:
        theirs = tree.prove_consistency(step["old"], step["new"])
        verify_consistency(tree.get_root(step["old"]), tree.get_root(step["new"]), theirs)
        tops = [tree.get_root(step[end]) for end in ("old", "new")]
        proof = [bytes.fromhex(one) for one in step["proof"]]
        assert merkle.extends(tops[0], step["old"], tops[1], step["new"], proof)


@pytest.mark.one_database
def test_a_list_whose_log_was_rewritten_proves_nothing(
    db_session: Session, consultation_id: int
) -> None:
    """Whoever runs the site signs what they want: the steps between heads give them away."""
    sent = grow(db_session, consultation_id, [3, 4, 6])
    receipt, heads = files(db_session, sent[0])
    rewritten = rules.sign(KEY, 7, b"\1" * 32, NOW).as_json()
    listed = [rewritten if head["size"] == 7 else head for head in heads["heads"]]
    verdict = verifying.verify(receipt, {**heads, "heads": listed})
    assert not verdict.proved
    assert "7 entries does not follow from that of 3" in verdict.sentence
    latest = rules.sign(rules.signing_key("another"), 13, b"\1" * 32, NOW).as_json()
    alone = {**heads, "heads": [latest, *heads["heads"][1:]], "consistency": []}
    assert "signature of the head of 13" in verifying.verify(receipt, alone).sentence
    closing = {"size": 7, "root": "11" * 32, "consultation": 99}
    verdict = verifying.verify(receipt, {**heads, "closings": [closing]})
    assert "closing of consultation 99" in verdict.sentence


@pytest.mark.one_database
def test_any_byte_of_a_step_that_is_flipped_is_caught(
    db_session: Session, consultation_id: int
) -> None:
    sent = grow(db_session, consultation_id, [3, 4, 6])
    receipt, heads = files(db_session, sent[0])
    for number, step in enumerate(heads["consistency"]):
        for at, one in enumerate(step["proof"]):
            for place in range(0, 64, 2):
                altered = deepcopy(heads)
                byte = f"{int(one[place : place + 2], 16) ^ 1:02x}"
                altered["consistency"][number]["proof"][at] = one[:place] + byte + one[place + 2 :]
                assert not verifying.verify(receipt, altered).proved


@pytest.mark.one_database
def test_a_step_that_was_taken_out_is_missed(db_session: Session, consultation_id: int) -> None:
    """Without it a head that was rewritten would go unseen."""
    sent = grow(db_session, consultation_id, [3, 4, 6, 2])
    receipt, heads = files(db_session, sent[0])
    for number in (1, 2):
        steps = [step for at, step in enumerate(heads["consistency"]) if at != number]
        verdict = verifying.verify(receipt, {**heads, "consistency": steps})
        assert (verdict.proved, "is missing" in verdict.sentence) == (False, True)
    latest = {**heads, "consistency": heads["consistency"][1:]}  # as while old heads are proved
    assert verifying.verify(receipt, latest).sentence.endswith(verifying.NOT_SHOWN)


@pytest.mark.one_database
def test_a_list_made_before_the_steps_were_published_is_read_and_says_so(
    db_session: Session, consultation_id: int
) -> None:
    sent = grow(db_session, consultation_id, [3, 4])
    receipt, heads = files(db_session, sent[0])
    del heads["consistency"]
    verdict = verifying.verify(receipt, heads)
    assert verdict.proved
    assert verdict.sentence.endswith(verifying.NOT_SHOWN)


def test_heads_signed_before_the_upgrade_are_proved_by_the_next_turns(
    db_session: Session, consultation_id: int
) -> None:
    grow(db_session, consultation_id, [3, 1, 5])
    steps = published(db_session)["consistency"]
    assert len(steps) == 2
    db_session.execute(update(LogHead).values(consistency=null()))
    db_session.commit()
    assert published(db_session)["consistency"] == []
    assert list(queries.broken_heads(db_session)) == []
    extend(db_session, KEY, NOW + timedelta(hours=1))
    db_session.commit()
    assert published(db_session)["consistency"] == steps
    with counted_statements() as statements:
        extend(db_session, KEY, NOW + timedelta(hours=2))
    assert len(statements) <= 8
    assert CHAINED > 1


def test_awa_s_command_finds_a_step_that_was_altered(
    db_session: Session, consultation_id: int
) -> None:
    grow(db_session, consultation_id, [3, 4])
    wrong = update(LogHead).where(LogHead.size == 7).values(consistency=["00" * 32])
    db_session.execute(wrong)
    db_session.commit()
    assert list(queries.broken_heads(db_session)) == [7]


@pytest.mark.one_database
def test_a_date_or_a_count_that_was_altered_in_the_list_is_caught(
    db_session: Session, consultation_id: int
) -> None:
    """Whoever hands the list over cannot change when a head was signed, nor what was received."""
    sent = grow(db_session, consultation_id, [3, 4])
    send(db_session, consultation_id, 6, first=8)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    receipt, heads = files(db_session, sent[-1])
    assert verifying.compare(heads, heads).proved
    middle = heads["heads"][1]
    for part, number, change in (
        ("heads", -1, {"signed_at": "2022-02-11T00:00:00+00:00"}),
        ("heads", 1, {"signature": "00" * 64}),
        ("heads", 1, rules.sign(OTHER, 7, bytes.fromhex(middle["root"]), NOW).as_json()),
        ("closings", 0, {"submissions": 12}),
        ("closings", 0, {"consultation": 99}),
    ):
        altered = deepcopy(heads)
        altered[part][number] |= change
        kept = {**altered, "heads": altered["heads"][:1], "closings": []}
        assert not verifying.compare(kept, altered).proved, change
        assert not verifying.verify(receipt, altered).proved, change


@pytest.mark.one_database
def test_heads_signed_before_the_secret_of_the_site_changed_are_still_read(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 3)
    extend(db_session, OTHER, NOW)
    later = send(db_session, consultation_id, 2, first=4)
    extend(db_session, KEY, NOW + timedelta(minutes=2))
    assert verifying.verify(*files(db_session, later[0])).proved
    assert not verifying.verify(*files(db_session, sent[0])).proved
    theirs = {**published(db_session), "key": OTHER.public_key().public_bytes_raw().hex()}
    assert not verifying.compare({**theirs, "heads": []}, theirs).proved


# --- a list that was kept -------------------------------------------------------------------------


@pytest.mark.one_database
def test_whoever_kept_a_list_shows_that_the_log_only_grew(
    db_session: Session, consultation_id: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grow(db_session, consultation_id, [3, 4])
    kept = published(db_session)
    send(db_session, consultation_id, 6, first=8)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    db_session.commit()
    now = published(db_session)
    for name, held in (("kept", kept), ("now", now)):
        (tmp_path / f"{name}.json").write_text(json.dumps(held), "utf-8")
    names = [str(tmp_path / f"{name}.json") for name in ("kept", "now")]
    assert verify.main(["--since", *names]) == 0
    said = capsys.readouterr().out
    assert "Proved. The log only grew, from 7 to 13 entries. New heads: 1." in said
    assert verify.main(["--since", *names[::-1]]) == 1
    assert "no longer published" in capsys.readouterr().out
    assert verify.main(["--since", names[0]]) == 2
    assert "--since earlier-heads.json" in capsys.readouterr().err


@pytest.mark.one_database
def test_a_list_that_lost_something_since_is_not_one_that_grew(
    db_session: Session, consultation_id: int
) -> None:
    grow(db_session, consultation_id, [3, 4])
    send(db_session, consultation_id, 2, first=8)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    kept = published(db_session)
    send(db_session, consultation_id, 6, first=10)
    extend(db_session, KEY, CLOSES + timedelta(minutes=9))
    now = published(db_session)
    assert verifying.compare(kept, now).proved
    for lost in (
        {**now, "heads": now["heads"][:-1]},
        {**now, "heads": []},
        {**now, "closings": []},
        {**now, "consistency": []},
        {**now, "key": "00" * 32},
        {**now, "format": "another"},
        {},
    ):
        assert not verifying.compare(kept, lost).proved
    assert not verifying.compare({}, now).proved


@cache
def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(sha256(bytes([number])).digest()) for number in range(count)]


@given(st.sets(st.integers(1, 200), min_size=1, max_size=12), st.data())
def test_only_a_log_that_grew_is_proved(sizes: set[int], data: st.DataObject) -> None:
    """The oracle is the list of leaves itself: two logs share a prefix, or they do not."""
    ordered = sorted(sizes)
    changed = data.draw(st.none() | st.integers(0, ordered[-1] - 1), "the leaf that changes")
    when = data.draw(st.integers(0, len(ordered)), "before which head")
    log, roots = list(leaves(ordered[-1])), {}
    proofs = {}
    for number, size in enumerate(ordered):
        if number == when and changed is not None:
            log[changed] = merkle.leaf_hash(b"another")
        roots[size] = merkle.root(log[:size])
        if number:
            before = ordered[number - 1]
            proofs[before, size] = merkle.consistency_proof(merkle.ranged(log), before, size)
    heads = {
        "format": rules.HEADS_FORMAT,
        "key": KEY.public_key().public_bytes_raw().hex(),
        "heads": [rules.sign(KEY, size, roots[size], NOW).as_json() for size in ordered],
        "consistency": [
            {"old": old, "new": new, "proof": [one.hex() for one in steps]}
            for (old, new), steps in proofs.items()
        ],
    }
    kept = {**heads, "heads": heads["heads"][:1]}
    rewritten = changed is not None and 0 < when < len(ordered) and changed < ordered[when - 1]
    assert verifying.compare(kept, heads).proved == (not rewritten)
    assert list(pairwise(ordered)) == list(proofs)
