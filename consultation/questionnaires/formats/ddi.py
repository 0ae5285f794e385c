"""DDI-Codebook 2.5: the questionnaire as a data archive describes it.

One ``var`` per column of the individual export, so that the codebook and the file agree.
Source: DDI Alliance, DDI-Codebook 2.5 (2012), elements ``stdyDscr`` and ``dataDscr``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from consultation.questionnaires.compiled import CompiledVersion, Item, compile_version
from consultation.questionnaires.format import Questionnaire, digest
from consultation.questionnaires.kinds.question import Column, Text, say

NAMESPACE = "ddi:codebook:2_5"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DDI = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


def write(questionnaire: Questionnaire) -> bytes:
    """Return the codebook in UTF-8."""
    version = compile_version(questionnaire)
    book = _DDI.codeBook(version="2.5")
    book.append(_study(questionnaire))
    name = f"{questionnaire.code}.csv"
    book.append(_DDI.fileDscr(_DDI.fileTxt(_DDI.fileName(name)), ID="F1"))
    data = _DDI.dataDscr()
    for section in version.sections:
        data.append(_group(section))
    for item in version.items.values():
        for element in _variables(version, item):
            data.append(element)
    book.append(data)
    return bytes(etree.tostring(book, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _study(questionnaire: Questionnaire) -> Any:
    titles = _DDI.titlStmt(
        _said("titl", questionnaire.title, "fr"),
        *[_said("parTitl", questionnaire.title, k) for k in questionnaire.title if k != "fr"],
        _DDI.IDNo(digest(questionnaire), agency="sha256"),
    )
    study = _DDI.stdyDscr(_DDI.citation(titles))
    if questionnaire.introduction:
        study.append(_DDI.stdyInfo(_said("abstract", questionnaire.introduction, "fr")))
    return study


def _group(section: Any) -> Any:
    names = [_identifier(c.name) for i in section.items for c in i.kind.columns(i.resolved)]
    group = _DDI.varGrp(_said("labl", section.section.title, "fr"), ID=f"G{section.number}")
    if names:
        group.set("var", " ".join(names))
    return group


def _variables(version: CompiledVersion, item: Item) -> Iterator[Any]:
    for column in item.kind.columns(item.resolved):
        yield _variable(version, item, column)


def _variable(version: CompiledVersion, item: Item, column: Column) -> Any:
    variable = _DDI.var(ID=_identifier(column.name), name=column.name, files="F1")
    if column.type in ("number", "integer"):
        variable.set("intrvl", "contin")
    variable.append(_DDI.labl(column.label))
    question = _DDI.qstn(*[_said("qstnLit", item.question.label, k) for k in item.question.label])
    if item.question.hint:
        question.append(_said("ivuInstr", item.question.hint, "fr"))
    if item.question.relevant:
        question.append(_DDI.forward(item.question.relevant))
    variable.append(question)
    variable.append(_DDI.universe(item.question.relevant or "tous les répondants"))
    for category in _categories(item, column):
        variable.append(category)
    variable.append(
        _DDI.varFormat(type="numeric" if column.type in ("number", "integer") else "character")
    )
    return variable


def _categories(item: Item, column: Column) -> Iterator[Any]:
    if column.type == "boolean":
        for value, label in (("1", "oui"), ("0", "non")):
            yield _DDI.catgry(_DDI.catValu(value), _DDI.labl(label))
    elif column.type == "text" and not column.name.endswith("_other"):
        for option in item.resolved.options:
            category = _DDI.catgry(_DDI.catValu(option.value))
            for language in option.label:
                category.append(_said("labl", option.label, language))
            if option.no_opinion:
                category.set("missing", "Y")
            yield category


def _said(tag: str, text: Text, language: str) -> Any:
    element = _DDI(tag, _clean(say(text, language)))
    element.set(_XML_LANG, language)
    return element


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n")


def _identifier(name: str) -> str:
    """Return a name as an identifier of XML; two names never give the same."""
    allowed = (c if (c.isalnum() and c.isascii()) or c in "_-" else f".{ord(c):x}" for c in name)
    return "V_" + "".join(allowed)
