"""What an .lss file holds, the same shape whatever the version that wrote it.

Before database version 400 the texts stand in the row of each language; since then in tables
of their own (``…_l10ns``). A row keeps its path, so that a problem can say where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.formats.xml_source import parse_xml

Fields = dict[str, str]

MOST_QUESTIONS = 5_000
MOST_ROWS = 60_000
MOST_ATTRIBUTES = 150_000
"""Questions, rows of any one table, and attributes, that an import accepts."""


_TABLES = frozenset(
    """
    answers answer_l10ns conditions defaultvalues defaultvalue_l10ns groups group_l10ns questions
    subquestions question_l10ns question_attributes surveys surveys_languagesettings quota
    quota_members quota_languagesettings assessments survey_url_parameters consultation_names
    """.split()
)
"""The tables that are read; the members and the messages of a quota go with it."""


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

    def said(self, name: str) -> dict[str, str]:
        """Return a text by language, empty ones left out."""
        found = {language: fields.get(name) or "" for language, fields in self.texts.items()}
        if not found and self.get(name):
            found = {"": self.get(name)}
        return {language: text for language, text in found.items() if text.strip()}


@dataclass
class Source:
    """A survey as LimeSurvey exported it, in the order it shows it.

    ``strays`` are the rows whose group or question is not in the file: LimeSurvey leaves them out
    too. ``foreign`` gives the first text of each language that the survey does not have, ``others``
    the number of rows of the tables that are not read. ``names`` are our own codes, when we wrote
    the file.
    """

    version: int
    sid: str
    languages: list[str]
    settings: Fields
    texts: dict[str, Fields]
    groups: list[Row]
    questions: dict[str, list[Row]]
    subquestions: dict[str, list[Row]]
    answers: dict[str, list[Row]]
    attributes: dict[str, dict[str, dict[str, str]]]
    defaults: dict[str, list[Row]]
    conditions: dict[str, list[Row]]
    quotas: list[Row]
    assessments: list[Row]
    parameters: list[Row]
    strays: list[Row]
    foreign: dict[str, str]
    others: dict[str, int]
    names: dict[tuple[str, str], str]

    def said(self, name: str) -> dict[str, str]:
        """Return a text of the survey by language, empty ones left out."""
        found = {language: fields.get(name) or "" for language, fields in self.texts.items()}
        return {language: text for language, text in found.items() if text.strip()}

    def all_questions(self) -> Iterator[Row]:
        """Return every question in the order of the groups."""
        for group in self.groups:
            yield from self.questions.get(group.get("gid"), ())

    def below(self, question: Row) -> Iterator[Row]:
        """Return the sub-questions and the answers of a question."""
        yield from self.subquestions.get(question.get("qid"), ())
        yield from self.answers.get(question.get("qid"), ())

    @cached_property
    def default_rows(self) -> dict[tuple[str, str, str], Row]:
        """The default answers by question, sub-question and special type."""
        return {
            (qid, row.get("sqid", "0"), row.get("specialtype")): row
            for qid, rows in self.defaults.items()
            for row in rows
        }

    @cached_property
    def types(self) -> dict[str, str]:
        """The type of each question by its identifier."""
        return {row.get("qid"): row.get("type") for row in self.all_questions()}

    def attribute(self, qid: str, name: str) -> str:
        """Return an attribute of a question, whatever its language."""
        values = self.attributes.get(qid, {}).get(name, {})
        return values.get("") or next((v for v in values.values() if v), "")


def read_source(data: bytes) -> Source:
    """Read the bytes of an .lss file.

    Raises:
        UnreadableFile: it is not the structure of a survey.
    """
    if data.startswith(b"PK"):
        raise UnreadableFile(
            "Ce fichier est une archive, pas une structure de questionnaire. "
            "Dans LimeSurvey, choisissez Exporter puis Structure du questionnaire (.lss)."
        )
    root = parse_xml(data, "le questionnaire")
    kind = (root.findtext("LimeSurveyDocType") or "Survey").strip()
    if root.tag != "document" or (root.find("questions") is None and root.find("groups") is None):
        raise UnreadableFile(
            "Ce fichier n’est pas une structure de questionnaire LimeSurvey. "
            "Dans LimeSurvey, choisissez Exporter puis Structure du questionnaire (.lss)."
        )
    if kind != "Survey":
        raise UnreadableFile(
            "Ce fichier contient une partie ou une question de LimeSurvey, pas un questionnaire. "
            "Dans LimeSurvey, exportez le questionnaire entier (.lss)."
        )
    return _Reader(root).source()


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.read: dict[str, dict[str, dict[str, Fields]]] = {}
        listed = [e.text.strip() for e in root.iterfind("languages/language") if e.text]
        self.settings = next(iter(self._raw("surveys")), Row("", {})).fields
        base = self.settings.get("language") or (listed[0] if listed else "en")
        more = self.settings.get("additional_languages", "").split()
        self.languages = list(dict.fromkeys([base, *listed, *more]))[:40]
        self.foreign: dict[str, str] = {}
        self.strays: list[Row] = []

    def source(self) -> Source:
        titles = self._texts("surveys_languagesettings", "surveyls_language", "surveyls_survey_id")
        questions, subquestions = self._questions()
        groups = sorted(
            self._merged("groups", "gid", "group_l10ns"), key=lambda g: g.order("group_order")
        )
        questions = self._kept(questions, "gid", {g.get("gid") for g in groups})
        known = {q.get("qid") for q in questions}
        subquestions = self._kept(subquestions, "parent_qid", known)
        answers = self._kept(self._answers(), "qid", known)
        parts = known | {row.get("qid") for row in subquestions}
        defaults = self._kept(self._defaults(), "qid", known)
        conditions = self._kept(list(self._raw("conditions")), "qid", known)
        if len(questions) > MOST_QUESTIONS:
            raise UnreadableFile(
                f"Ce fichier contient plus de {MOST_QUESTIONS} questions. Importez-le en plusieurs "
                "questionnaires."
            )
        return Source(
            version=_integer(self.root.findtext("DBVersion") or ""),
            sid=self.settings.get("sid", ""),
            languages=self.languages,
            settings=self.settings,
            texts=next(iter(titles.values()), {}),
            groups=groups,
            questions=_grouped(questions, "gid", "question_order"),
            subquestions=_grouped(subquestions, "parent_qid", "question_order"),
            answers=_grouped(answers, "qid", "sortorder"),
            attributes=self._attributes(parts),
            defaults=_grouped(defaults, "qid", "qid"),
            conditions=_grouped(conditions, "qid", "cid"),
            quotas=list(self._raw("quota")),
            assessments=list(self._raw("assessments")),
            parameters=list(self._raw("survey_url_parameters")),
            strays=self.strays,
            foreign=self.foreign,
            others=self._others(),
            names={
                (row.get("of"), row.get("code")): row.get("name")
                for row in self._raw("consultation_names")
            },
        )

    def _raw(self, table: str) -> Iterator[Row]:
        rows = self.root.find(f"{table}/rows")
        most = MOST_ATTRIBUTES if table == "question_attributes" else MOST_ROWS
        for number, element in enumerate(rows if rows is not None else (), 1):
            if number > most:
                raise UnreadableFile(
                    f"Ce fichier contient plus de {most} lignes dans «\u00a0{table}\u00a0». "
                    "Vérifiez que c’est bien la structure d’un questionnaire."
                )
            if _is_element(element):
                fields = {str(f.tag): _content(f) for f in element if _is_element(f)}
                element.clear()  # a table is read once, and a large one weighs twice otherwise
                yield Row(f"/document/{table}/rows/row[{number}]", fields)

    def _spoken(self, row: Row, field_name: str = "language") -> bool:
        """Say whether a row is in a language of the survey; LimeSurvey leaves out the others."""
        language = row.get(field_name)
        if not language or language in self.languages:
            return True
        self.foreign.setdefault(language, row.where)
        return False

    def _others(self) -> dict[str, int]:
        """Count the rows of the tables that nothing reads."""
        found = {
            str(table.tag): len(table.findall("rows/row"))
            for table in self.root
            if _is_element(table) and table.tag not in _TABLES
        }
        return {name: count for name, count in found.items() if count}

    def _kept(self, rows: Sequence[Row], field_name: str, known: set[str]) -> list[Row]:
        """Return the rows of something that is in the file; the others are strays."""
        self.strays += [row for row in rows if row.get(field_name) not in known]
        return [row for row in rows if row.get(field_name) in known]

    def _texts(self, table: str, language: str, key: str) -> dict[str, dict[str, Fields]]:
        if table not in self.read:
            found: dict[str, dict[str, Fields]] = defaultdict(dict)
            for row in self._raw(table):
                if self._spoken(row, language):
                    found[row.get(key)].setdefault(row.get(language), row.fields)
            self.read[table] = found
        return self.read[table]

    def _merged(self, table: str, key: str, texts: str) -> list[Row]:
        """Return one row per key, with the texts of each language, wherever they stand."""
        apart = self._texts(texts, "language", key)
        merged: dict[str, Row] = {}
        foreign: dict[str, Row] = {}
        for row in self._raw(table):
            if not self._spoken(row):
                foreign.setdefault(row.get(key), row)
                continue
            first = merged.setdefault(row.get(key), row)
            if "language" in row.fields:
                first.texts.setdefault(row.get("language"), row.fields)
                if row.get("language") == self.languages[0]:
                    first.fields, first.where = row.fields, row.where
        self.strays += [row for name, row in foreign.items() if name not in merged]
        for identifier, row in merged.items():
            row.texts.update(apart.get(identifier, {}))
        return list(merged.values())

    def _questions(self) -> tuple[list[Row], list[Row]]:
        """Return the questions and the sub-questions; some old files mix them in one table."""
        rows = self._merged("questions", "qid", "question_l10ns")
        parents = [row for row in rows if row.get("parent_qid", "0") == "0"]
        mixed = [row for row in rows if row.get("parent_qid", "0") != "0"]
        return parents, [*mixed, *self._merged("subquestions", "qid", "question_l10ns")]

    def _answers(self) -> list[Row]:
        """Return one row per answer: languages repeat it before version 400, not since."""
        apart = self._texts("answer_l10ns", "language", "aid")
        merged: dict[tuple[str, ...], Row] = {}
        foreign: dict[tuple[str, ...], Row] = {}
        for row in self._raw("answers"):
            key = (row.get("qid"), row.get("scale_id", "0"), row.get("code"))
            own = row.get("aid") if "language" not in row.fields else ""
            if not self._spoken(row):
                foreign.setdefault((*key, own), row)
                continue
            first = merged.setdefault((*key, own), row)
            if "language" in row.fields:
                first.texts.setdefault(row.get("language"), row.fields)
            first.texts.update(apart.get(row.get("aid"), {}))
        self.strays += [row for name, row in foreign.items() if name not in merged]
        return list(merged.values())

    def _attributes(self, known: set[str]) -> dict[str, dict[str, dict[str, str]]]:
        found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        said: set[str] = set()
        for row in self._raw("question_attributes"):
            if row.get("qid") not in known and row.get("qid") not in said:
                said.add(row.get("qid"))
                self.strays.append(row)
            found[row.get("qid")][row.get("attribute")][row.get("language")] = row.get("value")
        return {qid: dict(values) for qid, values in found.items()}

    def _defaults(self) -> list[Row]:
        texts = self._texts("defaultvalue_l10ns", "language", "dvid")
        seen: dict[tuple[str, ...], Row] = {}
        for row in self._raw("defaultvalues"):
            key = (row.get("qid"), row.get("scale_id"), row.get("sqid"), row.get("specialtype"))
            if not self._spoken(row):
                continue
            first = seen.setdefault(key, row)
            first.texts.update(texts.get(row.get("dvid"), {}))
            if row.get("defaultvalue"):
                first.texts.setdefault(row.get("language"), row.fields)
        return list(seen.values())


def _is_element(element: etree._Element) -> bool:
    """Say whether it is no comment and no processing instruction."""
    return isinstance(element.tag, str)


def _content(element: etree._Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return "".join(str(text) for text in element.itertext())


def _grouped(rows: Sequence[Row], key: str, order: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.get(key)].append(row)
    return {k: sorted(v, key=lambda row: row.order(order)) for k, v in found.items()}


def _integer(text: str) -> int:
    text = text.strip()
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 12 else 0
