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
    """A list: its rows, in order. Several rows may say the same choice, for filters to pick."""

    name: str
    sheet: Sheet
    rows: list[FormRow] = field(default_factory=list)

    def values(self) -> list[str]:
        """Return the value of each choice, once."""
        return list(dict.fromkeys(value_of(row) for row in self.rows))


def choice_lists(sheet: Sheet, report: Report) -> dict[str, ChoiceList]:
    """Return the lists by name; a value that stands twice in a list is reported."""
    lists: dict[str, ChoiceList] = {}
    seen: set[tuple[str, str]] = set()
    for row in sheet.rows:
        name, value = row.get("list_name"), value_of(row)
        if not name:
            report.problem(
                sheet.where(row), "Ce choix n’indique pas sa liste\u00a0: il est écarté."
            )
            continue
        listed = lists.setdefault(name, ChoiceList(name, sheet))
        if not value:
            report.problem(
                sheet.where(row), "Ce choix n’a pas de code (name)\u00a0: il est écarté."
            )
            continue
        if (name, value) in seen:
            report.problem(
                sheet.where(row),
                f"Le code «\u00a0{value}\u00a0» existe déjà dans cette liste\u00a0: "
                "les deux choix n’en font qu’un.",
            )
        seen.add((name, value))
        listed.rows.append(row)
    return lists


def value_of(row: FormRow) -> str:
    """Return the code of a choice, on one line and of a length that we keep."""
    return " ".join((row.get("name") or row.get("value")).split())[:100]


def options(listed: ChoiceList, base: str, relevant: dict[str, str] | None = None) -> list[Option]:
    """Return the options of a list, ``relevant`` giving the condition of each value."""
    made: dict[str, Option] = {}
    for row in listed.rows:
        value = value_of(row)
        if value in made:
            continue
        label = {language or base: one_line(t) for language, t in row.text("label").items()}
        label = {language: text for language, text in label.items() if text}
        condition = (relevant or {}).get(value)
        made[value] = Option(value=value, label=label or {base: value}, relevant=condition)
    return list(made.values())


def filtered(filter_source: str, row: FormRow) -> str:
    """Return a choice filter for one choice: its columns replaced by what the row says."""
    parts = []
    for token in _TOKEN.findall(filter_source):
        bare = token.lower()
        if re.fullmatch(r"[A-Za-z_][\w-]*", token) and bare not in _WORDS:
            parts.append(_quoted(_cell(row, bare)))
        else:
            parts.append(token)
    return "".join(parts)


def _cell(row: FormRow, column: str) -> str:
    if column == "name":
        return value_of(row)
    if column == "label":
        return next(iter(row.text("label").values()), "")
    return row.get(column.replace("-", "_"))


def _quoted(text: str) -> str:
    """Write a text between the quotation marks that it does not hold."""
    return f'"{text}"' if "'" in text else f"'{text}'"


def extra_columns(sheet: Sheet) -> list[str]:
    """Return the columns that only filters use, and the media."""
    return [c for c in dict.fromkeys(sheet.columns) if c not in _KNOWN]
