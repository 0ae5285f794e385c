"""The choices of a form: lists of options, and the options a filter leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consultation.questionnaires.formats.plain_words import one_line
from consultation.questionnaires.formats.report import Report
from consultation.questionnaires.formats.xlsform.sheets import FormRow, Sheet
from consultation.questionnaires.kinds.question import Option

_KNOWN = {"list_name", "name", "value", "label", "order"}
_TOKEN = re.compile(r"\$\{[^}]*\}|'[^']*'|\"[^\"]*\"|[A-Za-z_][\w-]*(?!\s*\()|.", re.DOTALL)
_WORDS = {"and", "or", "not", "div", "mod"}


@dataclass(slots=True)
class ChoiceList:
    """A list: its rows, in order, without doubles."""

    name: str
    rows: list[FormRow] = field(default_factory=list)


def choice_lists(sheet: Sheet, report: Report) -> dict[str, ChoiceList]:
    """Return the lists by name; a value that stands twice in a list is reported."""
    lists: dict[str, ChoiceList] = {}
    seen: set[tuple[str, str]] = set()
    for row in sheet.rows:
        name, value = row.get("list_name"), _value(row)
        if not name:
            if value or row.texts:
                report.problem(
                    sheet.where(row), "Ce choix n’indique pas sa liste\u00a0: il est écarté."
                )
        elif not value:
            report.problem(
                sheet.where(row), "Ce choix n’a pas de code (name)\u00a0: il est écarté."
            )
        elif (name, value) in seen:
            report.problem(
                sheet.where(row),
                f"Le code «\u00a0{value}\u00a0» existe déjà dans cette liste\u00a0: écarté.",
            )
        else:
            seen.add((name, value))
            lists.setdefault(name, ChoiceList(name)).rows.append(row)
    return lists


def _value(row: FormRow) -> str:
    return (row.get("name") or row.get("value"))[:100]


def options(listed: ChoiceList, base: str, relevant: dict[str, str] | None = None) -> list[Option]:
    """Return the options of a list, ``relevant`` giving the condition of each value."""
    made = []
    for row in listed.rows:
        value = _value(row)
        label = {language or base: one_line(t) for language, t in row.text("label").items()}
        label = {language: text for language, text in label.items() if text}
        condition = (relevant or {}).get(value)
        made.append(Option(value=value, label=label or {base: value}, relevant=condition))
    return made


def filtered(filter_source: str, row: FormRow) -> str:
    """Return a choice filter for one choice: its columns replaced by what the row says."""
    parts = []
    for token in _TOKEN.findall(filter_source):
        bare = token.lower()
        if re.fullmatch(r"[A-Za-z_][\w-]*", token) and bare not in _WORDS:
            cell = _value(row) if bare == "name" else row.get(bare.replace("-", "_"))
            parts.append("'" + cell.replace("'", "’") + "'")
        else:
            parts.append(token)
    return "".join(parts)


def extra_columns(sheet: Sheet) -> list[str]:
    """Return the columns that only filters use."""
    return [c for c in sheet.columns if c not in _KNOWN and not c.startswith("media::")]
