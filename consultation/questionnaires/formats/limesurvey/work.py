"""What the parts of the import share: keys, texts, conditions, and what was kept of the file."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from consultation.questionnaires.expressions.build import call, expression, literal
from consultation.questionnaires.expressions.build import every as all_of
from consultation.questionnaires.expressions.check import check
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import RESERVED, Expression, Node
from consultation.questionnaires.format import Computed
from consultation.questionnaires.formats.keys import Keys
from consultation.questionnaires.formats.limesurvey import expressions
from consultation.questionnaires.formats.limesurvey.attributes import Attributes
from consultation.questionnaires.formats.limesurvey.conditions import equation
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable, cited
from consultation.questionnaires.formats.limesurvey.scope import Scope, split_name
from consultation.questionnaires.formats.limesurvey.source import Row, Source
from consultation.questionnaires.formats.limesurvey.texts import quoting
from consultation.questionnaires.formats.limesurvey.variables import (
    Formula,
    Meaning,
    OtherTick,
    Place,
    Role,
    Tick,
    Value,
    Variable,
    Variables,
)
from consultation.questionnaires.formats.plain_words import lost, one_line, plain
from consultation.questionnaires.formats.report import Report, Tally
from consultation.questionnaires.kinds.question import Text

_TRIVIAL = re.compile(r"\s*|[\s(]*(1|true)[\s)]*", re.IGNORECASE)


def is_trivial(equation: str) -> bool:
    """Say whether a relevance equation hides nothing."""
    return _TRIVIAL.fullmatch(equation) is not None


@dataclass
class Work:
    """An import under way.

    The questionnaire is built twice: a first time, ``silent``, to know every variable and every
    key; then with the equations translated and the problems said.
    """

    source: Source
    report: Report
    silent: bool = True
    variables: Variables = field(default_factory=Variables)
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    computed: list[Computed] = field(default_factory=list)
    unshown: Counter[str] = field(default_factory=Counter)
    _keys: Keys = field(default_factory=lambda: Keys(RESERVED))
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _relevance: dict[str, str | None] = field(default_factory=dict)
    _quoted: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _depth: int = 0
    _read: int = 0
    _formulas: dict[str, Node | Untranslatable | None] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.source.languages[0]

    def attributes(self, question: Row) -> Attributes:
        """Return the attributes of a question."""
        return Attributes(self.source, question.get("qid"))

    # --- what is said --------------------------------------------------------------------------

    def say(self, row: Row | str, what: str) -> None:
        """Report a line, once the questionnaire is built for good."""
        if self.silent:
            return
        if isinstance(row, str):
            self.report.problem(row, what)
        else:
            name = self._name(row)
            self.report.problem(row.where, f"{cited(name)}\u00a0: {_small(what)}" if name else what)

    def _name(self, row: Row) -> str:
        """Return the codes an organiser knows a row by: ``Q1``, ``Q1 SQ001``, ``Q1 A2``."""
        of = row.get("parent_qid", "0") if "parent_qid" in row.fields else row.get("qid")
        parent = "" if of in ("0", "") else self._titles.get(of, "")
        return " ".join(filter(None, (parent, row.get("title") or row.get("code"))))

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {row.get("qid"): row.get("title") for row in self.source.all_questions()}

    def keep(self, *rows: Row) -> None:
        """Note that rows of the file are in the questionnaire."""
        if not self.silent:
            self.kept.update(row.where for row in rows)

    # --- names ---------------------------------------------------------------------------------

    def key(self, row: Row, *parts: str) -> str:
        """Return the key of a question, or of a part of it; the same each time it is asked."""
        suffix = "_".join(part for part in parts if part)
        asked = (row.get("qid"), suffix)
        if asked not in self._given:
            name = self.source.names.get(("question", row.get("title")), row.get("title"))
            wanted = f"{name}_{suffix}" if suffix else name
            key = self._keys.give(wanted)
            self._given[asked] = key
        return self._given[asked]

    def new_key(self, wanted: str) -> str:
        """Return a key for something that has no row."""
        return self._keys.give(wanted)

    def values(self, rows: Sequence[Row], question: Row, field_name: str) -> list[str]:
        """Return the value of each option or row: its code, made distinct when two are the same."""
        found: dict[str, None] = {}
        for number, row in enumerate(rows, 1):
            code = "".join(c for c in row.get(field_name) if c >= " ")[:100].strip()
            code = self.source.names.get((question.get("title"), code), code)
            if not code or code in found:
                self.say(
                    row, f"Le code «\u00a0{code}\u00a0» est vide ou sert deux fois\u00a0: changé."
                )
                code = f"{code}_{number}"
            found[code] = None
        return list(found)

    def variable(
        self,
        question: Row,
        meaning: Meaning,
        *parts: str,
        role: Role = "value",
        tail: str = "",
    ) -> None:
        """Name a variable the ways equations do: ``Q1_SQ1`` and ``123X4X5SQ1``."""
        sid, gid, qid = (question.get(name) for name in ("sid", "gid", "qid"))
        old = f"{sid or self.source.sid}X{gid}X{qid}"
        old += f"{parts[0]}#{parts[1]}" if question.get("type") == "1" else "_".join(parts)
        name = "_".join((question.get("title"), *parts))
        names = (f"{name}_{tail}", f"{name}{tail}", f"{old}{tail}") if tail else (name, old)
        variable = Variable(names[0], question.get("title"), parts, meaning, role)
        self.variables.add(variable, *names[1:])

    # --- texts ---------------------------------------------------------------------------------

    def text(self, row: Row, name: str, *, lines: bool = False) -> Text:
        """Return a text of a row in every language, as plain text that quotes our keys."""
        return self.cleaned(row, row.said(name), lines=lines)

    def cleaned(self, row: Row | str, said: Mapping[str, str], *, lines: bool = False) -> Text:
        """Return texts by language as plain texts; the base language first."""
        found: Text = {}
        losses: set[str] = set()
        for language in self.source.languages:
            source = _SCRIPT.sub(" ", said.get(language) or "")
            if source and not _borrowed(source, language):
                losses.update(lost(said[language]))
                quoted = quoting(source, lambda em: self._quoting(row, em))
                text = plain(quoted) if lines else one_line(quoted)
                if text:
                    found[language] = text
        if not found and said:
            text = one_line(next(iter(said.values())))
            found = {self.base: text} if text else {}
        self._say_losses(row, losses)
        return found

    def _say_losses(self, row: Row | str, losses: Iterable[str]) -> None:
        names = {"img": "image", "table": "tableau", "video": "vidéo", "audio": "son"}
        shown = sorted(names.get(loss, loss) for loss in losses)
        if shown:
            self.say(row, f"Un texte perd ce qui n’est pas du texte\u00a0: {', '.join(shown)}.")

    def _quoting(self, row: Row | str, em: str) -> str | None:
        """Return ``${key}`` for an equation inside a text."""
        if self.silent:
            return ""
        itself = self._question_of(row) if isinstance(row, Row) else ""
        asked = (itself if "self" in em or "this" in em else "", em)
        if asked not in self._quoted:
            try:
                self._quoted[asked] = self._quoted_key(em, itself)
            except Untranslatable as error:
                self._quoted[asked] = None
                shown = cited("{" + em + "}", 120)
                self.say(row, f"Un texte cite {shown}, laissé tel quel\u00a0: {error}.")
        key = self._quoted[asked]
        return None if key is None else "${" + key + "}"

    def _question_of(self, row: Row) -> str:
        """Return the code of the question that a row is, or belongs to."""
        parent = row.get("parent_qid", "0")
        return self._titles.get(row.get("qid") if parent == "0" else parent, "")

    def _quoted_key(self, em: str, itself: str) -> str:
        whole = _LISTED.fullmatch(em)
        key = self._key_of_whole(whole[1] or itself) if whole else None
        if key is not None:
            return key
        words, suffix = split_name(em)
        name = ".".join(words)
        if self.variables.known(name) and suffix in ("", "NAOK", "shown", "code", "value"):
            meaning = self.variables.find(name).meaning
            if isinstance(meaning, Formula):
                meaning.node()
                return meaning.key
            if isinstance(meaning, Value) and meaning.reference.part is None:
                return meaning.reference.key
            if suffix == "shown":
                raise Untranslatable("le libellé de cette réponse ne se cite pas")
        found = expressions.computed(em, Scope(self.variables, itself, itself))
        self._checked(found)
        source = to_source(found)
        known = next((c.key for c in self.computed if c.expression == source), None)
        if known is None:
            known = self.new_key("valeur")
            self.computed.append(Computed(key=known, expression=source))
        return known

    def _key_of_whole(self, question: str) -> str | None:
        """Return the key of a multiple choice or a ranking whose answers a text lists."""
        own = self.variables.of_question.get(question, {}).values()
        keys = {getattr(v.meaning, "key", "") for v in own if v.role != "comment"}
        listed = all(isinstance(v.meaning, Tick | OtherTick | Place) for v in own)
        return keys.pop() if listed and len(keys) == 1 else None

    # --- equations -----------------------------------------------------------------------------

    def condition(
        self, row: Row, source: str, what: str, tally: Tally, *, itself: str = "", this: str = ""
    ) -> str | None:
        """Translate an equation, counting it; what cannot be is reported with its reason."""
        if self.silent:
            return None
        try:
            found = self.translated(source, itself=itself, this=this)
        except Untranslatable as error:
            tally.reported += 1
            self.say(row, f"{what} {cited(source)} n’est pas reprise\u00a0: {error}.")
            return None
        tally.translated += 1
        return found

    def translated(self, source: str, *, itself: str = "", this: str = "") -> str:
        """Return an equation as the source of one of our conditions.

        Raises:
            Untranslatable: it has no counterpart.
        """
        scope = Scope(self.variables, itself, this)
        bare = _bare(source)
        self._read += len(bare)
        if self._read > _MOST_READ:
            raise Untranslatable("ce fichier contient trop d’expressions")
        try:
            found = expressions.condition(bare, scope)
        except Untranslatable:
            if "&" not in bare or html.unescape(bare) == bare:
                raise
            found = expressions.condition(html.unescape(bare), scope)
        self._checked(found)
        return to_source(found)

    def _checked(self, found: Expression) -> None:
        errors = check(found, self.symbols)
        if errors:
            raise Untranslatable(errors[0].reason.rstrip("."))

    def computed_value(self, source: str, itself: str) -> Node:
        """Translate an equation that gives a value into a tree.

        Raises:
            Untranslatable: it has no counterpart.
        """
        return expressions.computed(_bare(source), Scope(self.variables, itself)).root

    def verified(self, source: str) -> None:
        """Check one of our expressions against the questions.

        Raises:
            Untranslatable: it cannot be published.
        """
        self._checked(parse(source))

    def formula(self, question: Row, source: str) -> Node:
        """Return what an equation question computes; an equation that waits for itself is refused.

        Raises:
            Untranslatable: it has no counterpart, or reads itself.
        """
        qid = question.get("qid")
        if qid not in self._formulas:
            self._formulas[qid] = None  # should it read itself
            self._formulas[qid] = self._new_formula(question, source)
        found = self._formulas[qid]
        if isinstance(found, Untranslatable):
            raise Untranslatable(str(found))
        if found is None:
            raise Untranslatable("cette équation se lit elle-même")
        return found

    def _new_formula(self, question: Row, source: str) -> Node | Untranslatable:
        self._depth += 1
        try:
            if self._depth > _NESTED:
                raise Untranslatable("elle passe par trop d’autres équations")
            scope = Scope(self.variables, question.get("title"))
            node = expressions.computed_node(source, scope)
            if shown := self.relevance(question):
                node = call("if", parse(shown).root, node, literal(None))
            expression(node)
        except ExpressionError as error:
            return Untranslatable(error.reason.rstrip("."))
        except Untranslatable as error:
            return error
        finally:
            self._depth -= 1
        return node

    def relevance(self, question: Row) -> str | None:
        """Return the condition of a question: its equation, or the old conditions it stands for."""
        qid = question.get("qid")
        if qid not in self._relevance:
            if self.silent:
                return None
            self._relevance[qid] = None  # should the condition wait for itself
            self._relevance[qid] = self._own_relevance(question)
        return self._relevance[qid]

    def _own_relevance(self, question: Row) -> str | None:
        source = question.get("relevance").strip()
        if not is_trivial(source):
            return self._shown(question, source)
        rows = self.source.conditions.get(question.get("qid"), [])
        if not rows:
            return None
        try:
            return self._shown(question, equation(rows, self.source.types))
        except Untranslatable as error:
            if not self.silent:
                self.report.conditions.reported += 1
            self.say(rows[0], f"Cette condition n’est pas reprise\u00a0: {error}.")
            return None

    def _shown(self, question: Row, source: str) -> str | None:
        return self.condition(
            question,
            source,
            "La condition d’affichage",
            self.report.conditions,
            itself=question.get("title"),
        )

    def is_unread(self, row: Row) -> bool:
        """Say whether a row has a condition that nothing asked for."""
        return not is_trivial(row.get("relevance")) and row.where not in self._relevance

    def row_relevance(self, row: Row, question: Row) -> str | None:
        """Return the condition of a sub-question, counted once however often it is asked."""
        where = row.where
        if where not in self._relevance:
            source = row.get("relevance").strip()
            if is_trivial(source):
                return None
            found = self.condition(
                row,
                source,
                "La condition d’affichage",
                self.report.conditions,
                itself=question.get("title"),
            )
            if self.silent:
                return None
            self._relevance[where] = found
        return self._relevance[where]

    def constraint(self, row: Row, source: str, *, itself: str, this: str = "") -> str | None:
        """Translate an equation that an answer must satisfy."""
        return self.condition(
            row, source, "La règle de validation", self.report.constraints, itself=itself, this=this
        )


_MOST_READ = 600_000
"""Characters of equations translated in one import; the longest surveys have a tenth of that."""

_NESTED = 20
"""Equations that may go through one another."""

_LISTED = re.compile(
    r"(?:list|implode|join)\(\s*(?:(?:'[^']*'|\"[^\"]*\")\s*,\s*)?(?:that\.(\w+)|self)(?:\.(?:shown|NAOK))*\s*\)"
)
"""The answers of a question one after the other, as ``${key}`` says them."""

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BORROWED = re.compile(r'\s*<span lang="([\w-]+)">(?:(?!</?span).)*</span>\s*', re.DOTALL)


def _borrowed(source: str, language: str) -> bool:
    """Say whether a text only repeats another language, for want of a translation."""
    found = _BORROWED.fullmatch(source)
    return found is not None and found[1] != language


def every(*conditions: str | None) -> str | None:
    """Return the conditions that must all hold as one."""
    found = list(dict.fromkeys(c for c in conditions if c))
    if len(found) < 2:
        return found[0] if found else None
    return to_source(all_of(*[parse(c).root for c in found]))


def _small(sentence: str) -> str:
    """Return a sentence to stand after a colon."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _bare(source: str) -> str:
    text = source.strip()
    if text.startswith("{") and text.endswith("}") and text.count("{") == 1:
        text = text[1:-1]
    return text.replace("\u00a0", " ")
