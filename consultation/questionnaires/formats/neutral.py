"""Our own format, as JSON or as YAML."""

from __future__ import annotations

import json
import re
from typing import Any

from consultation.questionnaires.compiled import CompileError, compile_version
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.format import FormatError, Questionnaire, decode, encode
from consultation.questionnaires.formats.report import Import, Report, UnreadableFile
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.rules import findings

LARGEST = 10_000_000


def read_json(data: bytes, name: str) -> Import:
    """Read a questionnaire written in JSON.

    Raises:
        UnreadableFile: it is not one; the message says where.
    """
    _refuse_large(data)
    try:
        questionnaire = decode(data.decode(json.detect_encoding(data)))
    except FormatError as error:
        raise _unreadable("JSON", _in_french(str(error))) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _unreadable("JSON", "contenu illisible") from error
    return Import(questionnaire, report_on(questionnaire, "json"))


def read_yaml(data: bytes, name: str) -> Import:
    """Read a questionnaire written in YAML. Anchors are refused: a small file may hide a huge one.

    Raises:
        UnreadableFile: it is not one; the message says where.
    """
    # Here and not above: few pages read YAML.
    from consultation.questionnaires.formats.plain_yaml import YAMLError, load

    _refuse_large(data)
    try:
        document = load(data)
        questionnaire = decode(document if isinstance(document, dict) else {})
    except FormatError as error:
        raise _unreadable("YAML", _in_french(str(error))) from error
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"ligne {mark.line + 1}" if mark else "contenu illisible"
        raise _unreadable("YAML", place) from error
    return Import(questionnaire, report_on(questionnaire, "yaml"))


def write_json(questionnaire: Questionnaire) -> bytes:
    """Return the questionnaire as indented JSON in UTF-8."""
    return (json.dumps(encode(questionnaire), ensure_ascii=False, indent=1) + "\n").encode()


def _refuse_large(data: bytes) -> None:
    if len(data) > LARGEST:
        raise UnreadableFile("Ce fichier dépasse 10\u00a0Mo\u00a0: ce n’est pas un questionnaire.")


def _unreadable(language: str, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"Ce fichier {language} n’est pas un questionnaire de cette plateforme ({why[:300]})."
    )


_SAID = (
    (r"Object contains unknown field `(.+?)`", "le champ «\u00a0{}\u00a0» n’existe pas"),
    (r"Object missing required field `(.+?)`", "le champ «\u00a0{}\u00a0» manque"),
    (r"Expected `(.+?)`, got `(.+?)`", "il faut «\u00a0{}\u00a0», pas «\u00a0{}\u00a0»"),
    (r"Invalid (?:enum )?value '?(.+?)'?(?: - at|$)", "«\u00a0{}\u00a0» n’existe pas ici"),
    (r"JSON is malformed: .*\(byte (\d+)\)", "JSON mal formé à l’octet {}"),
    (r"truncated", "le fichier est coupé"),
)
_PLACE = re.compile(r" - at (?:the root|`(.+?)`)")


def _in_french(message: str) -> str:
    """Return what the decoder says of a document, in French, with its place."""
    found = ((re.search(pattern, message), words) for pattern, words in _SAID)
    said = next((words.format(*m.groups()) for m, words in found if m), "une valeur est refusée")
    place = _PLACE.search(message)
    return f"{said}, à l’endroit {place[1]}" if place and place[1] else said


def report_on(questionnaire: Questionnaire, format_name: str) -> Report:
    """Count what a questionnaire holds, and list what stops its publication."""
    report = Report(format_name, languages=list(questionnaire.languages))
    report.sections = len(questionnaire.sections)
    for _, question in _pointed(questionnaire):
        report.questions += 1
        report.kinds[name_of(question)] += 1
        report.rows += len(getattr(question, "rows", ()))
        report.options += len(getattr(question, "options", ()))
        report.conditions.translated += bool(question.relevant)
        report.constraints.translated += len(question.constraints)
    report.conditions.translated += sum(bool(s.relevant) for s in questionnaire.sections)
    report.options += sum(map(len, questionnaire.lists.values()))
    report.options += sum(map(len, questionnaire.scales.values()))
    places = {question.key: pointer for pointer, question in _pointed(questionnaire)}
    for finding in findings(questionnaire):
        report.problem(places.get(finding.where, "/"), f"À corriger\u00a0: {finding.what}.")
    return report


def _pointed(questionnaire: Questionnaire) -> list[tuple[str, Any]]:
    return [
        (f"/sections/{s}/questions/{q}", question)
        for s, section in enumerate(questionnaire.sections)
        for q, question in enumerate(section.questions)
    ]


def compiles(questionnaire: Questionnaire) -> bool:
    """Say whether the questionnaire can be shown as a draft."""
    try:
        compile_version(questionnaire)
    except (CompileError, ExpressionError):
        return False
    return True
