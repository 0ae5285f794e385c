"""A survey as LimeSurvey itself writes it: its order of tables, its fields, its CDATA."""

from __future__ import annotations

from lxml import etree

from tests.questionnaires.formats.limesurvey.survey import Survey

VERSIONS = (
    146, 150, 155, 158, 164, 170, 178, 184, 223, 260, 263, 350, 365, 400, 426, 483, 600, 623, 640,
    650,
)  # fmt: skip
"""Database versions from 2012 to 2026, with those that changed the layout."""
_ORDER = (
    "answers", "answer_l10ns", "assessments", "conditions", "defaultvalues", "defaultvalue_l10ns",
    "groups", "group_l10ns", "questions", "subquestions", "question_l10ns", "question_attributes",
    "quota", "quota_members", "quota_languagesettings", "surveys", "surveys_languagesettings",
    "survey_url_parameters", "themes", "themes_inherited",
)  # fmt: skip
_SINCE = {"relevance": 149, "grelevance": 158, "randomization_group": 157, "same_default": 146}
_NEW = {
    "questions": {
        "modulename": 250, "encrypted": 406, "question_theme_name": 430, "same_script": 447,
    },
    "question_l10ns": {"script": 430},
}  # fmt: skip


def exported(survey: Survey, version: int) -> bytes:
    """Return the file of a survey in the manner of the version that wrote it."""
    root = etree.fromstring(survey.lss(version))
    document = etree.Element("document")
    for name in ("LimeSurveyDocType", "DBVersion", "languages"):
        document.append(root.find(name))
    tables = {str(table.tag): table for table in root}
    for name in _ORDER:
        rows = tables[name].findall("rows/row") if name in tables else []
        if rows:
            document.append(_table(name, rows, version))
    etree.indent(document, " ")
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def _table(name: str, rows: list[etree._Element], version: int) -> etree._Element:
    for number, row in enumerate(rows):
        for field in list(row):
            if _SINCE.get(field.tag, 0) > version:
                row.remove(field)
            elif field.text is None and number % 2:
                row.remove(field)  # a NULL has no element; an empty text has an empty one
        for field, since in _NEW.get(name, {}).items():
            if version >= since:
                etree.SubElement(row, field)
        if name.endswith("_l10ns") and row.find("id") is None:
            row.insert(0, _element("id", str(number + 1)))
    table = etree.Element(name)
    fields = etree.SubElement(table, "fields")
    for field in dict.fromkeys(str(f.tag) for row in rows for f in row):
        fields.append(_element("fieldname", field, plain=True))
    kept = etree.SubElement(table, "rows")
    for row in reversed(rows):  # the database gives them in no order
        for field in row:
            if field.text:
                field.text = etree.CDATA(field.text)
        kept.append(row)
    return table


def _element(name: str, text: str, *, plain: bool = False) -> etree._Element:
    made = etree.Element(name)
    made.text = text if plain else etree.CDATA(text)
    return made
