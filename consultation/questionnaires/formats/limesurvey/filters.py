"""What shows or hides a single row or option: its own equation, and the array filters."""

from __future__ import annotations

from consultation.questionnaires.expressions.build import negate
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable
from consultation.questionnaires.formats.limesurvey.scope import given
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.variables import Meaning
from consultation.questionnaires.formats.limesurvey.work import every

_FILTERS = (("array_filter", True), ("array_filter_exclude", False))


def row_conditions(asked: Asked, rows: list[Row], field_name: str = "title") -> list[str | None]:
    """Return the condition of each row, ``None`` for those always shown."""
    found: list[list[str | None]] = [[asked.work.row_relevance(r, asked.row)] for r in rows]
    for name, wanted in _FILTERS:
        chosen = _by_code(asked, asked.attributes.get(name))
        for row, conditions in zip(rows, found, strict=True):
            conditions.append(_filtered(chosen.get(row.get(field_name)), wanted))
    return [every(*conditions) for conditions in found]


def _by_code(asked: Asked, origin: str) -> dict[str, Meaning]:
    """Return what the other question says of each of its rows."""
    own = asked.work.variables.of_question.get(origin, {}) if origin else {}
    rows = [v for v in reversed(own.values()) if v.role == "value" and v.parts]
    return {variable.parts[0]: variable.meaning for variable in rows}


def _filtered(chosen: Meaning | None, wanted: bool) -> str | None:
    """Return the condition that a filter puts on a row: chosen, or not, elsewhere.

    A row that the other question does not have stays shown, as in LimeSurvey.
    """
    if chosen is None:
        return None
    try:
        node: Node = given(chosen)
    except Untranslatable:
        return None
    return to_source(node if wanted else negate(node))


def say_filters(asked: Asked) -> None:
    """Say what becomes of the filters of a question."""
    for name, wanted in _FILTERS:
        origin = asked.attributes.get(name)
        if not origin:
            continue
        shown = f"Le filtre de lignes ({name}) sur «\u00a0{origin[:60]}\u00a0»"
        if asked.work.variables.of_question.get(origin) and asked.type in _FILTERED:
            verb = "choisies" if wanted else "non choisies"
            asked.say(
                f"{shown} devient une condition par ligne\u00a0: seules restent celles {verb} "
                "dans cette question. Vérifiez-les."
            )
        else:
            asked.say(f"{shown} n’est pas repris\u00a0: toutes les lignes sont montrées.")


_FILTERED = frozenset("MPRABCEFH1KQ:;")
