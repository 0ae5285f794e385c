"""Reading a LimeSurvey structure: pages, questions, equations, and a line for what is not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from consultation.questionnaires.compiled import CompileError, compile_version
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.graph import cycles
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.format import Questionnaire, Section
from consultation.questionnaires.formats.keys import Keys, plain_key
from consultation.questionnaires.formats.limesurvey import (
    amounts,
    arrays,
    choices,
    grids,
    rest,
    validations,
    writings,
)
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.attributes import LOOKS, SHOWN
from consultation.questionnaires.formats.limesurvey.em_tree import cited
from consultation.questionnaires.formats.limesurvey.source import Row, Source, read_source
from consultation.questionnaires.formats.limesurvey.symbols import symbol_of
from consultation.questionnaires.formats.limesurvey.variables import Missing
from consultation.questionnaires.formats.limesurvey.work import Work, is_trivial
from consultation.questionnaires.formats.report import Import, Report
from consultation.questionnaires.kinds.statement import Statement
from consultation.questionnaires.kinds.table import name_of
from consultation.questionnaires.rules import findings

Made = Callable[[Asked], list[Any]]

TYPES: dict[str, Made] = {
    "1": arrays.dual, "5": choices.five_points, "A": arrays.array, "B": arrays.array,
    "C": arrays.array, "D": rest.date, "E": arrays.array, "F": arrays.array, "G": choices.built,
    "H": arrays.array, "I": rest.language, "K": amounts.several, "L": choices.single,
    "M": choices.multiple, "N": amounts.number, "O": choices.single, "P": choices.multiple,
    "Q": writings.several, "R": rest.ranking, "S": writings.short, "T": writings.long,
    "U": writings.long, "X": rest.statement, "Y": choices.built, "!": choices.single,
    ":": grids.numbers, ";": grids.texts, "*": rest.equation, "|": rest.file,
    "W": choices.single, "Z": choices.single,
}  # fmt: skip
"""How each type of LimeSurvey is read. W and Z are the lists of labels of its first versions."""

_READ = frozenset(
    """
    allowed_filetypes alphasort answer_order array_filter array_filter_exclude commented_checkbox
    date_format date_max date_min dualscale_headerA dualscale_headerB em_validation_q
    em_validation_q_tip em_validation_sq em_validation_sq_tip equals_num_value equation
    exclude_all_others hidden max_answers max_num_of_files max_num_value max_num_value_n
    max_subquestions maximum_chars min_answers min_num_of_files min_num_value min_num_value_n
    multiflexible_max multiflexible_min numbers_only other_numbers_only other_position
    other_position_code other_replace_text prefix random_order slider_accuracy slider_max
    slider_min suffix
    """.split()
)
"""The attributes that some type reads, and reports itself when it loses them."""

_OFF = frozenset(("", "0", "N", "none", "default"))

_REPORTED = {
    "random_group": "Le tirage au hasard entre questions (random_group) n’est pas repris.",
    "time_limit": "La limite de temps n’est pas reprise.",
    "slider_default": "La position de départ du curseur n’est pas reprise.",
    "location_defaultcoordinates": "Les coordonnées par défaut ne sont pas reprises.",
}


def read(data: bytes, name: str) -> Import:
    """Read the structure of a survey (.lss).

    Raises:
        UnreadableFile: it is not one.
    """
    return _Reader(read_source(data), name).read()


class _Reader:
    def __init__(self, source: Source, name: str) -> None:
        self.source, self.file_name = source, name
        self.report = Report("limesurvey", languages=list(source.languages))
        self.work = Work(source, self.report)
        self.where: dict[str, str] = {}

    def read(self) -> Import:
        """Build twice: the first time only to know what can be referred to."""
        self.work.symbols = _symbols(self._sections())
        self.work.silent = False
        self._count()
        sections = self._sections()
        questionnaire = Questionnaire(
            code=self._code(),
            languages=self.source.languages,
            title=self._title(),
            introduction=self._introduction(),
            sections=sections,
            computed=self.work.computed,
        )
        self._around()
        self._left_out()
        self._wrong(questionnaire)
        return Import(questionnaire, self.report)

    def _code(self) -> str:
        named = self.source.names.get(("questionnaire", ""))
        return plain_key(named or f"limesurvey_{self.source.sid}".rstrip("_"), "limesurvey")

    def _title(self) -> dict[str, str]:
        said = self.source.said("surveyls_title")
        stem = self.file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return self.work.cleaned(_SURVEY, said) or {self.work.base: stem or "Questionnaire"}

    def _introduction(self) -> dict[str, str]:
        described = self.work.cleaned(_SURVEY, self.source.said("surveyls_description"), lines=True)
        welcome = self.work.cleaned(_SURVEY, self.source.said("surveyls_welcometext"), lines=True)
        languages = [lang for lang in self.source.languages if lang in described or lang in welcome]
        both = {lang: (described.get(lang, ""), welcome.get(lang, "")) for lang in languages}
        return {lang: "\n".join(dict.fromkeys(filter(None, texts))) for lang, texts in both.items()}

    # --- counting, as LimeSurvey does ----------------------------------------------------------

    def _count(self) -> None:
        self.report.sections = len(self.source.groups)
        self.report.questions = sum(map(len, self.source.questions.values()))
        self.report.rows = sum(map(len, self.source.subquestions.values()))
        self.report.options = sum(map(len, self.source.answers.values()))

    # --- building ------------------------------------------------------------------------------

    def _sections(self) -> list[Section]:
        keys = Keys()
        made = (
            self._section(group, number, keys) for number, group in enumerate(self.source.groups, 1)
        )
        return [section for section in made if section is not None]

    def _section(self, group: Row, number: int, keys: Keys) -> Section | None:
        questions = [
            q
            for row in self.source.questions.get(group.get("gid"), ())
            for q in self._questions(row)
        ]
        title = self.work.text(group, "group_name") or {self.work.base: f"Partie {number}"}
        introduction = self.work.text(group, "description", lines=True)
        relevant = self._group_condition(group)
        if group.get("randomization_group").strip():
            self.work.say(group, "L’ordre au hasard des parties n’est pas repris.")
        if not questions and not introduction:
            self.work.say(
                group,
                f"La partie {cited(next(iter(title.values())), 80)} ne contient aucune question à "
                "reprendre\u00a0: elle est écartée.",
            )
            return None
        key = keys.give(self.source.names.get(("section", str(number)), f"partie_{number}"))
        if not questions:
            text = Statement(key=self.work.key(group, "texte"), label=introduction)
            questions, introduction = [text], {}
        self.work.keep(group)
        return Section(
            key=key, title=title, introduction=introduction, relevant=relevant, questions=questions
        )

    def _group_condition(self, group: Row) -> str | None:
        source = group.get("grelevance").strip()
        if is_trivial(source):
            return None
        return self.work.condition(
            group, source, "La condition d’affichage de la partie", self.report.conditions
        )

    def _questions(self, row: Row) -> list[Any]:
        asked = Asked(self.work, row)
        make = TYPES.get(asked.type)
        if make is None:
            self.work.relevance(row)
            self.work.variable(row, Missing("le type de cette question n’existe pas ici"))
            asked.say(f"Le type de question «\u00a0{asked.type}\u00a0» n’est pas repris.")
            validations.lose(asked)
            return []
        made = make(asked)
        validations.attach(asked, made, validations.constraints(asked))
        validations.pattern(asked, made)
        self._account(asked, made)
        return made

    def _account(self, asked: Asked, made: list[Any]) -> None:
        """Count the question once, say what is lost of it, remember where it came from."""
        if self.work.silent:
            return
        self.work.relevance(asked.row)  # counted even when nothing came of the question
        self.where.update((q.key, asked.row.where) for q in made)
        if made or asked.type == "*":
            self.work.keep(asked.row)
            self.report.kinds[_main_kind(asked, made, self.work)] += 1
        elif asked.type != "I":
            asked.say("Cette question n’a aucune ligne\u00a0: elle n’est pas reprise.")
        if asked.row.get("mandatory").upper() == "S":
            asked.say(
                "Réponse seulement conseillée (obligation souple)\u00a0: elle devient facultative."
            )
        for name in asked.attributes.names():
            self._attribute(asked, name)
        self._script(asked)
        wanted = plain_key(asked.title, "q")
        if self.work.key(asked.row) != wanted and not self.source.names:
            asked.say(
                f"Le code {cited(asked.title)} devient {cited(self.work.key(asked.row))}\u00a0: un "
                "autre code s’écrit pareil."
            )

    def _attribute(self, asked: Asked, name: str) -> None:
        value = asked.attributes.get(name)
        if name in _REPORTED:
            if value not in _OFF:
                asked.say(_REPORTED[name])
        elif name in SHOWN and value not in _OFF and not value.startswith("consultation-"):
            self.work.unshown[name] += 1
        elif name not in LOOKS and name not in _READ and value not in _OFF:
            asked.say(f"L’attribut «\u00a0{name[:60]} = {value[:80]}\u00a0» n’est pas repris.")

    def _script(self, asked: Asked) -> None:
        scripts = [t for t in asked.row.said("script").values() if t.strip()]
        if scripts:
            asked.say("Le script de cette question n’est pas repris.")

    # --- what is around ------------------------------------------------------------------------

    def _around(self) -> None:
        say = self.work.say
        if self.work.unshown:
            names = ", ".join(sorted(self.work.unshown))
            say("/document/question_attributes", f"Présentation non reprise\u00a0: {names}.")
        for rows, what in (
            (self.source.quotas, "Le quota n’est pas repris."),
            (self.source.assessments, "Cette règle d’évaluation (score) n’est pas reprise."),
            (self.source.parameters, "Ce paramètre d’adresse n’est pas repris."),
        ):
            for row in rows:
                name = row.get("name") or row.get("parameter")
                say(row, what if not name else f"{what} ({name[:80]})")
        if self.source.settings.get("usetokens") == "Y":
            say(_SETTINGS, "La liste des invités n’est pas reprise.")
        if self.source.settings.keys() - _READ_SETTINGS:
            say(
                _SETTINGS,
                "Les réglages de l’enquête (dates, accès, présentation) ne sont pas repris\u00a0: "
                "choisissez-les dans la consultation.",
            )
        if any(
            name.startswith(_MAILS) for f in self.source.texts.values() for name in f if f[name]
        ):
            say(_SURVEY, "Les modèles de courriels ne sont pas repris.")
        for language, where in self.source.foreign.items():
            say(
                where,
                f"Les textes en «\u00a0{language[:20]}\u00a0» ne sont pas repris\u00a0: cette "
                "langue n’est pas une langue de l’enquête.",
            )
        for table, rows_left in self.source.others.items():
            say(
                f"/document/{table}",
                f"Cette table n’est pas reprise\u00a0: {rows_left} ligne"
                f"{'s' if rows_left > 1 else ''}.",
            )
        for name, what in _SURVEY_TEXTS.items():
            if name == "surveyls_policy_notice" and self._notice_hidden:
                continue
            if self.work.cleaned(_SURVEY, self.source.said(name)):
                say(_SURVEY, f"{what} n’est pas repris\u00a0: saisissez-le dans la consultation.")

    @property
    def _notice_hidden(self) -> bool:
        return self.source.settings.get("showsurveypolicynotice") == "0"

    def _left_out(self) -> None:
        """Report whatever is in the file and not in the questionnaire, if it was not yet."""
        for row in self.source.strays:
            self.work.say(
                row,
                "Cette ligne ne se rattache à rien dans le fichier\u00a0: écartée.",
            )
        for question in self.source.all_questions():
            for row in self.source.below(question):
                if row.where not in self.work.kept:
                    self.report.conditions.reported += self.work.is_unread(row)
                    self.work.say(
                        row,
                        "Cette ligne n’est pas reprise\u00a0: une question de type "
                        f"{cited(question.get('type'))} ne s’en sert pas.",
                    )

    def _wrong(self, questionnaire: Questionnaire) -> None:
        """Report what must be corrected before publishing."""
        for finding in findings(questionnaire):
            where = self.where.get(finding.where, _SURVEY)
            name = f"«\u00a0{finding.where}\u00a0»\u00a0: " if finding.where else ""
            self.report.problem(where, f"À corriger, {name}{finding.what}.")
        try:
            version = compile_version(questionnaire)
        except (CompileError, ExpressionError):
            return
        for ring in cycles({key: item.reads for key, item in version.items.items()}):
            names = " → ".join([*ring, ring[0]])
            self.report.problem(
                self.where.get(ring[0], _SURVEY),
                f"Ces conditions d’affichage s’attendent l’une l’autre\u00a0: {names}.",
            )


_SETTINGS = "/document/surveys/rows/row[1]"
_SURVEY = "/document/surveys_languagesettings/rows"
_READ_SETTINGS = {"sid", "language", "additional_languages", "usetokens", "showsurveypolicynotice"}
_MAILS = ("surveyls_email_", "email_admin_")
_SURVEY_TEXTS = {
    "surveyls_endtext": "Le message de fin",
    "surveyls_policy_notice": "L’avis sur les données personnelles",
    "surveyls_legal_notice": "L’avis juridique",
    "surveyls_url": "Le lien de fin",
    "surveyls_policy_error": "Le message de refus de l’avis",
    "surveyls_policy_notice_label": "L’intitulé de l’avis",
}


def _main_kind(asked: Asked, made: Sequence[Any], work: Work) -> str:
    if asked.type == "*":
        keys = {c.key for c in work.computed}
        return "computed" if asked.key in keys else "statement"
    answered = [q for q in made if name_of(q) != "statement"]
    return name_of((answered or made)[0])


def _symbols(sections: Sequence[Section]) -> Mapping[str, Symbol]:
    return dict(_each_symbol(sections))


def _each_symbol(sections: Sequence[Section]) -> Iterator[tuple[str, Symbol]]:
    for section in sections:
        for question in section.questions:
            found = symbol_of(question)
            if found is not None:
                yield question.key, found


def kinds_of(questionnaire: Questionnaire) -> Counter[str]:
    """Return how many questions of each kind a questionnaire has."""
    return Counter(name_of(q) for s in questionnaire.sections for q in s.questions)
