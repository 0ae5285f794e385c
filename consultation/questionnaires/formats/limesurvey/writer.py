"""Writing a questionnaire as a LimeSurvey structure (.lss)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from consultation.questionnaires.compiled import CompiledVersion, Item, compile_version, computed_in
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.tree import Expression, references
from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.formats.limesurvey import written_question
from consultation.questionnaires.formats.limesurvey.codes import Codes
from consultation.questionnaires.formats.limesurvey.em_tree import cited
from consultation.questionnaires.formats.limesurvey.written import Tables, in_language
from consultation.questionnaires.formats.limesurvey.written_equations import (
    Target,
    Unwritable,
    guard,
    written,
    written_value,
)
from consultation.questionnaires.formats.limesurvey.written_question import Writing
from consultation.questionnaires.formats.report import Issue
from consultation.questionnaires.kinds.question import Text


@dataclass(frozen=True, slots=True)
class Export:
    """The file, and what LimeSurvey cannot say of the questionnaire."""

    data: bytes
    problems: list[Issue]


def write(questionnaire: Questionnaire) -> bytes:
    """Return the questionnaire as an .lss file.

    Raises:
        CompileError: it refers to a list or a question that it does not contain.
        ExpressionError: an expression cannot be read.
    """
    return export(questionnaire).data


def export(questionnaire: Questionnaire) -> Export:
    """Return the questionnaire as an .lss file, with what is lost. Raises like :func:`write`."""
    return _Exporter(compile_version(questionnaire)).export()


class _Exporter:
    def __init__(self, version: CompiledVersion) -> None:
        self.version, self.questionnaire = version, version.questionnaire
        self.languages = list(self.questionnaire.languages) or ["fr"]
        self.tables, self.codes = Tables(self.languages), Codes()
        self.problems: list[Issue] = []
        self.targets = {
            item.key: written_question.target(item, self.codes) for item in version.items.values()
        }
        self.computed = {c.key: self.codes.title(c.key) for c in self.questionnaire.computed}
        self.sid = _sid(self.questionnaire.code)
        self.inlined = computed_in(self.questionnaire)

    def export(self) -> Export:
        if self.questionnaire.code != f"limesurvey_{self.sid}":
            self.codes.names.append(("questionnaire", "", self.questionnaire.code))
        self._survey()
        for section in self.version.sections:
            self._section(section.number, section.section, section.items)
        for of, code, name in self.codes.names:
            self.tables.add("consultation_names", of=of, code=code, name=name)
        return Export(self.tables.document(), self.problems)

    def lost(self, where: str, what: str) -> None:
        self.problems.append(Issue(where, what))

    # --- the survey ----------------------------------------------------------------------------

    def _survey(self) -> None:
        base, *more = self.languages
        self.tables.add(
            "surveys", sid=self.sid, gsid="1", admin="", active="N", anonymized="N", format="G",
            language=base, additional_languages=" ".join(more), datestamp="Y", allowprev="Y",
            allowsave="Y", showwelcome="Y", showprogress="Y", shownoanswer="N", usetokens="N",
            assessments="N",
        )  # fmt: skip
        for language in self.languages:
            self.tables.add(
                "surveys_languagesettings",
                surveyls_survey_id=self.sid,
                surveyls_language=language,
                surveyls_title=self._html(self.questionnaire.title, language),
                surveyls_description="",
                surveyls_welcometext=self._html(self.questionnaire.introduction, language),
            )

    def _html(self, text: Text, language: str) -> str:
        return in_language(self.quoting(text), language)

    # --- sections and questions ----------------------------------------------------------------

    def _section(self, number: int, section: Section, items: Sequence[Item]) -> None:
        self.codes.section(number, section.key)
        gid = self.tables.new_id("groups")
        self.tables.add(
            "groups", gid=gid, sid=self.sid, group_order=str(number), randomization_group="",
            grelevance=self.equation(section.key, section.relevant),
        )  # fmt: skip
        self.tables.say(
            "group_l10ns",
            {"gid": gid},
            group_name=self.quoting(section.title),
            description=self.quoting(section.introduction),
        )
        order = 0
        for item in items:
            order += 1
            self._question(gid, order, item)
        if number == len(self.version.sections):
            for computed in self.questionnaire.computed:
                order += 1
                self._computed(gid, order, computed.key, computed.expression)

    def _question(self, gid: str, order: int, item: Item) -> None:
        written_question.write(
            Writing(self.tables, self, self.sid, gid, order), item, self.targets[item.key]
        )

    def _computed(self, gid: str, order: int, key: str, source: str) -> None:
        try:
            equation = written_value(self._tree(source).root, self.targets)
        except Unwritable as error:
            self.lost(key, f"Le calcul {cited(source)} n’est pas écrit\u00a0: {error}.")
            return
        qid = self.tables.new_id("questions")
        self.tables.add(
            "questions", qid=qid, parent_qid="0", sid=self.sid, gid=gid, type="*",
            title=self.computed[key], preg="", other="N", mandatory="N", question_order=str(order),
            scale_id="0", same_default="0", relevance="1",
        )  # fmt: skip
        self.tables.say("question_l10ns", {"qid": qid}, question={}, help={})
        self.tables.attribute(qid, "equation", "{" + equation + "}")
        self.tables.attribute(qid, "hidden", "1")

    def _tree(self, source: str) -> Expression:
        """Return an expression with the computed values it reads put in their place."""
        return self.inlined(source) or parse(source)

    # --- equations and texts -------------------------------------------------------------------

    def equation(self, where: str, source: str | None) -> str:
        """Return a condition as an equation; one that cannot be written is lost and said."""
        if not source or not source.strip():
            return "1"
        try:
            return written(self._tree(source).root, self.targets)
        except Unwritable as error:
            self.lost(where, f"La condition {cited(source)} n’est pas écrite\u00a0: {error}.")
            return "1"

    def rule(self, where: str, source: str) -> str:
        """Return a constraint as an equation that holds as long as something is not given."""
        try:
            equation = written(self._tree(source).root, self.targets)
            missing = guard(sorted(references(self._tree(source))), self.targets)
        except Unwritable as error:
            self.lost(where, f"La règle {cited(source)} n’est pas écrite\u00a0: {error}.")
            return ""
        return " or ".join([*missing, f"({equation})"])

    def quoting(self, text: Text) -> Text:
        """Return a text that quotes answers as LimeSurvey does."""
        return {
            language: re.sub(r"\$\{(\w+)\}", self._quoted, said) for language, said in text.items()
        }

    def _quoted(self, match: re.Match[str]) -> str:
        key = match[1]
        if key in self.computed:
            return "{" + self.computed[key] + "}"
        target: Target | None = self.targets.get(key)
        if target is None or target.several:
            return match[0]
        shown = ".shown" if target.options else ""
        return "{" + target.code + shown + "}"


def _sid(code: str) -> str:
    found = re.fullmatch(r"limesurvey_([1-9]\d{0,8})", code)
    return found[1] if found else str(100_000 + zlib.crc32(code.encode()) % 800_000)
