"""The tables of an .lss file as they are filled, in the layout of database version 640."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from consultation.questionnaires.kinds.question import Text

VERSION = "640"
_ORDER = (
    "answers", "answer_l10ns", "defaultvalues", "defaultvalue_l10ns", "groups", "group_l10ns",
    "questions", "subquestions", "question_l10ns", "question_attributes", "surveys",
    "surveys_languagesettings", "consultation_names",
)  # fmt: skip
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Tables:
    """The rows of each table, and the next identifier of each."""

    languages: Sequence[str]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _last: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def new_id(self, what: str) -> str:
        """Return the next identifier of a sort of thing, from 1."""
        self._last[what] += 1
        return str(self._last[what])

    def add(self, table: str, **fields: str) -> None:
        """Add a row."""
        self.rows[table].append(fields)

    def say(self, table: str, fields: Mapping[str, str], **texts: Text) -> None:
        """Add a row by language with its texts."""
        for language in self.languages:
            said = {name: in_language(text, language) for name, text in texts.items()}
            if any(said.values()) or language == self.languages[0]:
                self.add(table, id=self.new_id(table), **fields, **said, language=language)

    def attribute(self, qid: str, name: str, value: str | Text) -> None:
        """Add an attribute of a question: the same in every language, or a text."""
        if isinstance(value, str):
            self.add("question_attributes", qid=qid, attribute=name, value=value, language="")
            return
        for language in self.languages:
            said = in_language(value, language)
            if said:
                self.add(
                    "question_attributes", qid=qid, attribute=name, value=said, language=language
                )

    def document(self) -> bytes:
        """Return the file."""
        root = etree.Element("document")
        etree.SubElement(root, "LimeSurveyDocType").text = "Survey"
        etree.SubElement(root, "DBVersion").text = VERSION
        listed = etree.SubElement(root, "languages")
        for language in self.languages:
            etree.SubElement(listed, "language").text = language
        for table in _ORDER:
            if self.rows[table]:
                _write(root, table, self.rows[table])
        etree.indent(root, " ")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _write(root: etree._Element, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    element = etree.SubElement(root, table)
    fields = etree.SubElement(element, "fields")
    for name in dict.fromkeys(name for row in rows for name in row):
        etree.SubElement(fields, "fieldname").text = name
    within = etree.SubElement(element, "rows")
    for row in rows:
        one = etree.SubElement(within, "row")
        for name, value in row.items():
            cell, text = etree.SubElement(one, name), _FORBIDDEN.sub("", value)
            cell.text = etree.CDATA(text) if text and "]]>" not in text else text or None


def in_language(text: Text, language: str) -> str:
    """Return a text as HTML; said in another language, it says which one."""
    own = text.get(language)
    if own:
        return as_html(own)
    for other in (*(("fr",) if "fr" in text else ()), *text):
        if text[other]:
            return f'<span lang="{other}">{as_html(text[other])}</span>'
    return ""


def as_html(text: str) -> str:
    """Return a plain text as HTML, line breaks kept."""
    return html.escape(text, quote=False).replace("\n", "<br />")
