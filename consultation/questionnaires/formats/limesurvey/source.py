"""What an .lss file holds, the same shape whatever the version that wrote it.

Before database version 400 the texts stand in the row of each language; since then in tables
of their own (``…_l10ns``). A row keeps its path, so that a problem can say where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.xml_source import parse_xml

Fields = dict[str, str]


@dataclass(slots=True)
class Row:
    """One thing of the file: its fields, its texts by language, its path in the document."""

    where: str
    fields: Fields
    texts: dict[str, Fields] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return a field, or ``default`` when it is absent or empty."""
        return self.fields.get(name) or default

    def order(self, name: str) -> tuple[int, int]:
        """Return the place of this row by the field ``name``, ties broken by identifier."""
        return _integer(self.get(name)), _integer(self.get("qid") or self.get("aid"))


@dataclass(slots=True)
class Source:
    """A survey as LimeSurvey exported it, in the order it shows it."""

    version: int
    languages: list[str]
    title: dict[str, str]
    welcome: dict[str, str]
    settings: Fields
    groups: list[Row]
    questions: dict[str, list[Row]]
    subquestions: dict[str, list[Row]]
    answers: dict[str, list[Row]]
    attributes: dict[str, dict[str, dict[str, str]]]
    defaults: dict[str, list[Row]]
    conditions: dict[str, list[Row]]
    quotas: list[Row]
    assessments: list[Row]

    def all_questions(self) -> Iterator[Row]:
        """Return every question in the order of the groups."""
        for group in self.groups:
            yield from self.questions.get(group.get("gid"), ())

    def attribute(self, qid: str, name: str) -> str:
        """Return an attribute of a question, whatever its language."""
        values = self.attributes.get(qid, {}).get(name, {})
        return values.get("") or next(iter(values.values()), "")


def read_source(data: bytes) -> Source:
    """Read the bytes of an .lss file.

    Raises:
        UnreadableFile: it is not the structure of a survey.
    """
    root = parse_xml(data, "le questionnaire")
    if root.tag != "document" or (root.find("questions") is None and root.find("groups") is None):
        raise UnreadableFile(
            "Ce fichier n’est pas une structure de questionnaire LimeSurvey. "
            "Dans LimeSurvey, choisissez Exporter puis Structure du questionnaire (.lss)."
        )
    return _Reader(root).source()


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        listed = [e.text.strip() for e in root.iterfind("languages/language") if e.text]
        self.settings = next(iter(self._raw("surveys")), Row("", {})).fields
        base = self.settings.get("language") or (listed[0] if listed else "en")
        more = self.settings.get("additional_languages", "").split()
        self.languages = list(dict.fromkeys([base, *listed, *more]))

    def source(self) -> Source:
        titles = self._texts("surveys_languagesettings", "surveyls_language", "surveyls_survey_id")
        texts = next(iter(titles.values()), {})
        questions, strays = self._questions()
        return Source(
            version=_integer(self.root.findtext("DBVersion") or ""),
            languages=self.languages,
            title={lang: f.get("surveyls_title", "") for lang, f in texts.items()},
            welcome={lang: f.get("surveyls_welcometext", "") for lang, f in texts.items()},
            settings=self.settings,
            groups=sorted(
                self._merged("groups", "gid", "group_l10ns"), key=lambda g: g.order("group_order")
            ),
            questions=_grouped(questions, "gid", "question_order"),
            subquestions=_grouped(self._subquestions(strays), "parent_qid", "question_order"),
            answers=_grouped(self._answers(), "qid", "sortorder"),
            attributes=self._attributes(),
            defaults=_grouped(self._defaults(), "qid", "qid"),
            conditions=_grouped(list(self._raw("conditions")), "qid", "cid"),
            quotas=list(self._raw("quota")),
            assessments=list(self._raw("assessments")),
        )

    def _raw(self, table: str) -> Iterator[Row]:
        rows = self.root.find(f"{table}/rows")
        for number, element in enumerate(rows if rows is not None else (), 1):
            if isinstance(element.tag, str):
                fields = {str(f.tag): f.text or "" for f in element}
                yield Row(f"/document/{table}/rows/row[{number}]", fields)

    def _texts(self, table: str, language: str, key: str) -> dict[str, dict[str, Fields]]:
        found: dict[str, dict[str, Fields]] = defaultdict(dict)
        for row in self._raw(table):
            found[row.get(key)].setdefault(row.get(language), row.fields)
        return found

    def _merged(self, table: str, key: str, texts: str) -> list[Row]:
        """Return one row per key, with the texts of each language, wherever they stand."""
        apart = self._texts(texts, "language", key)
        merged: dict[str, Row] = {}
        for row in self._raw(table):
            first = merged.setdefault(row.get(key), row)
            if "language" in row.fields:
                first.texts.setdefault(row.get("language"), row.fields)
                if row.get("language") == self.languages[0]:
                    first.fields, first.where = row.fields, row.where
        for identifier, row in merged.items():
            row.texts.update(apart.get(identifier, {}))
        return list(merged.values())

    def _questions(self) -> tuple[list[Row], list[Row]]:
        """Return parents, and the sub-questions that old versions keep in the same table."""
        rows = self._merged("questions", "qid", "question_l10ns")
        parents = [row for row in rows if row.get("parent_qid", "0") == "0"]
        return parents, [row for row in rows if row.get("parent_qid", "0") != "0"]

    def _subquestions(self, strays: Sequence[Row]) -> list[Row]:
        return [*strays, *self._merged("subquestions", "qid", "question_l10ns")]

    def _answers(self) -> list[Row]:
        apart = self._texts("answer_l10ns", "language", "aid")
        merged: dict[tuple[str, ...], Row] = {}
        for row in self._raw("answers"):
            key = (row.get("qid"), row.get("scale_id", "0"), row.get("code"), row.get("aid"))
            first = merged.setdefault(key if apart else (*key[:3], ""), row)
            if "language" in row.fields:
                first.texts.setdefault(row.get("language"), row.fields)
            first.texts.update(apart.get(row.get("aid"), {}))
        return list(merged.values())

    def _attributes(self) -> dict[str, dict[str, dict[str, str]]]:
        found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for row in self._raw("question_attributes"):
            found[row.get("qid")][row.get("attribute")][row.get("language")] = row.get("value")
        return found

    def _defaults(self) -> list[Row]:
        texts = self._texts("defaultvalue_l10ns", "language", "dvid")
        rows = list(self._raw("defaultvalues"))
        for row in rows:
            row.texts.update(texts.get(row.get("dvid"), {}))
            row.texts.setdefault(row.get("language"), row.fields)
        seen: dict[tuple[str, ...], Row] = {}
        for row in rows:
            key = (row.get("qid"), row.get("scale_id"), row.get("sqid"), row.get("specialtype"))
            seen.setdefault(key, row)
        return list(seen.values())


def _grouped(rows: Sequence[Row], key: str, order: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.get(key)].append(row)
    return {k: sorted(v, key=lambda row: row.order(order)) for k, v in found.items()}


def _integer(text: str) -> int:
    text = text.strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 12 else 0
