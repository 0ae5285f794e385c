"""Small .lss files, made row by row, in the layout of any version of LimeSurvey."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from consultation.questionnaires.formats.limesurvey.reader import read
from consultation.questionnaires.formats.report import Import

Texts = str | dict[str, str]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LAYOUTS = (150, 261, 426, 643)
"""A version of each layout: texts in the rows, themes, texts apart, script and themes."""


@dataclass
class Survey:
    """A survey being made. Texts given once are said in every language, with its name after."""

    languages: tuple[str, ...] = ("fr",)
    title: Texts = "Enquête"
    welcome: Texts = ""
    settings: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[tuple[dict[str, Any], dict[str, Texts]]]] = field(default_factory=dict)
    sid: str = "123456"
    _last: int = 0

    def _add(self, table: str, fields: dict[str, Any], **texts: Texts) -> str:
        self._last += 1
        self.tables.setdefault(table, []).append((fields, texts))
        return str(self._last)

    def next_id(self) -> str:
        self._last += 1
        return str(self._last)

    def group(
        self, name: Texts = "Partie", description: Texts = "", relevance: str = "", **more: str
    ) -> str:
        gid = self.next_id()
        order = len(self.tables.get("groups", ())) + 1
        fields = {
            "gid": gid,
            "sid": self.sid,
            "group_order": order,
            "grelevance": relevance,
            **more,
        }
        self._add("groups", fields, group_name=name, description=description)
        return gid

    def question(
        self,
        type: str,
        title: str,
        text: Texts = "Question",
        *,
        gid: str = "",
        help: Texts = "",
        attributes: dict[str, Texts] | None = None,
        rows: dict[str, Texts] | None = None,
        columns: dict[str, Texts] | None = None,
        options: dict[str, Texts] | None = None,
        options_2: dict[str, Texts] | None = None,
        **more: str,
    ) -> str:
        """Add a question; ``rows``, ``columns``, ``options`` give texts by code."""
        qid = self.next_id()
        if not self.tables.get("groups"):
            self.group()
        gid = gid or self.tables["groups"][-1][0]["gid"]
        fields = {
            "qid": qid, "parent_qid": "0", "sid": self.sid, "gid": gid, "type": type,
            "title": title, "preg": "", "other": "N", "mandatory": "N",
            "question_order": self._last,
            "scale_id": "0", "same_default": "0", "relevance": "1", **more,
        }  # fmt: skip
        self._add("questions", fields, question=text, help=help)
        for scale, parts in enumerate((rows, columns)):
            for code, label in (parts or {}).items():
                self.sub(qid, code, label, scale=scale)
        for scale, answers in enumerate((options, options_2)):
            for code, label in (answers or {}).items():
                self.answer(qid, code, label, scale=scale)
        for name, value in (attributes or {}).items():
            self.attribute(qid, name, value)
        return qid

    def sub(self, qid: str, code: str, label: Texts = "Ligne", scale: int = 0, **more: str) -> str:
        sqid = self.next_id()
        parent = next(f for f, _ in self.tables["questions"] if f["qid"] == qid)
        fields = {
            "qid": sqid, "parent_qid": qid, "sid": self.sid, "gid": parent["gid"], "type": "T",
            "title": code, "preg": "", "other": "N", "mandatory": "N", "question_order": self._last,
            "scale_id": scale, "same_default": "0", "relevance": "", **more,
        }  # fmt: skip
        self._add("subquestions", fields, question=label, help="")
        return sqid

    def answer(
        self, qid: str, code: str, label: Texts = "Option", scale: int = 0, points: int = 0
    ) -> str:
        aid = self.next_id()
        fields = {
            "aid": aid, "qid": qid, "code": code, "sortorder": self._last,
            "assessment_value": points, "scale_id": scale,
        }  # fmt: skip
        self._add("answers", fields, answer=label)
        return aid

    def attribute(self, qid: str, name: str, value: Texts) -> None:
        said = value if isinstance(value, dict) else {"": value}
        for language, text in said.items():
            fields = {"qid": qid, "attribute": name, "value": text, "language": language}
            self._add("question_attributes", fields)

    def condition(
        self, qid: str, on: str, field: str, value: str, method: str = "==", scenario: int = 1
    ) -> None:
        fields = {
            "cid": self.next_id(), "qid": qid, "cqid": on, "cfieldname": field, "method": method,
            "value": value, "scenario": scenario,
        }  # fmt: skip
        self._add("conditions", fields)

    def default(self, qid: str, value: str, sqid: str = "0", special: str = "") -> None:
        fields = {
            "dvid": self.next_id(), "qid": qid, "scale_id": "0", "sqid": sqid,
            "specialtype": special,
        }  # fmt: skip
        self._add("defaultvalues", fields, defaultvalue=value)

    def field(self, qid: str, code: str = "") -> str:
        """Return the old name of an answer: ``123456X1X2SQ1``."""
        question = next(f for f, _ in self.tables["questions"] if f["qid"] == qid)
        return f"{self.sid}X{question['gid']}X{qid}{code}"

    # --- writing -------------------------------------------------------------------------------

    def lss(self, version: int = 643) -> bytes:
        """Return the file as that version writes it."""
        apart = version >= 400
        parts = [self._head(version), self._surveys()]
        for table, rows in self.tables.items():
            written = [r for row in rows for r in self._rows(table, *row, apart, version)]
            parts.append(_table(table, written))
        if apart:
            parts += self._texts_apart()
        return (HEAD + f"<document>{''.join(parts)}</document>").encode()

    def read(self, version: int = 643) -> Import:
        return read(self.lss(version), "enquete.lss")

    def _head(self, version: int) -> str:
        listed = "".join(f"<language>{language}</language>" for language in self.languages)
        return (
            "<LimeSurveyDocType>Survey</LimeSurveyDocType>"
            f"<DBVersion>{version}</DBVersion><languages>{listed}</languages>"
        )

    def _surveys(self) -> str:
        base, *more = self.languages
        settings = {"sid": self.sid, "language": base, "additional_languages": " ".join(more)}
        said = [
            {
                "surveyls_survey_id": self.sid, "surveyls_language": language,
                "surveyls_title": self._in(self.title, language),
                "surveyls_welcometext": self._in(self.welcome, language),
            }
            for language in self.languages
        ]  # fmt: skip
        return _table("surveys", [settings | self.settings]) + _table(
            "surveys_languagesettings", said
        )

    def _in(self, text: Texts, language: str) -> str:
        if isinstance(text, dict):
            return text.get(language, "")
        return text if language == self.languages[0] or not text else f"{text} ({language})"

    def _rows(
        self, table: str, fields: dict[str, Any], texts: dict[str, Texts], apart: bool, version: int
    ) -> list[dict[str, Any]]:
        kept = dict(fields)
        if table == "question_attributes" and version < 156:
            kept.pop("language")
        if apart or not texts:
            return [kept]
        kept.pop("aid", None)
        kept.pop("dvid", None)
        rows = []
        for language in self.languages:
            said = {name: self._in(text, language) for name, text in texts.items()}
            rows.append({**kept, **said, "language": language})
        return rows

    def _texts_apart(self) -> list[str]:
        places = (
            ("groups", "group_l10ns", "gid"), ("questions", "question_l10ns", "qid"),
            ("subquestions", "question_l10ns", "qid"), ("answers", "answer_l10ns", "aid"),
            ("defaultvalues", "defaultvalue_l10ns", "dvid"),
        )  # fmt: skip
        found: dict[str, list[dict[str, Any]]] = {}
        for table, name, key in places:
            for fields, texts in self.tables.get(table, ()):
                for language in self.languages:
                    said = {n: self._in(t, language) for n, t in texts.items()}
                    row = {key: fields[key], **said, "language": language}
                    found.setdefault(name, []).append(row)
        return [_table(name, rows) for name, rows in found.items()]


def _table(name: str, rows: list[dict[str, Any]]) -> str:
    cells = (
        "".join(f"<{field}>{escape(str(value))}</{field}>" for field, value in row.items())
        for row in rows
    )
    return f"<{name}><rows>{''.join(f'<row>{c}</row>' for c in cells)}</rows></{name}>"
