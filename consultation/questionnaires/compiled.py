"""A published version made ready to use: parsed once per process, then only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.substitute import replaced
from consultation.questionnaires.expressions.tree import Expression, Reference, references, walk
from consultation.questionnaires.format import Questionnaire, Section, digest
from consultation.questionnaires.kinds.question import Option, Resolved, Row, Text
from consultation.questionnaires.kinds.table import Kind, kind_of, name_of

MOST_NESTED = 20
"""How deep computed values may be made of computed values."""
MOST_NODES = 2_000
"""How much an expression may hold once computed values are put in it: each may double the last."""


class CompileError(Exception):
    """A questionnaire refers to something that it does not contain.

    ``key`` is the question, ``sentence`` says what to correct, in French.
    """

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(f"{key}: {sentence}")
        self.key, self.sentence = key, sentence


@dataclass(frozen=True, slots=True)
class Item:
    """One question, ready: where it stands, what it offers, what it depends on, where it is packed.

    ``number`` counts the questions of the whole questionnaire from 1 (0 for a statement);
    ``varies`` says that its options or rows depend on other answers. ``gates`` are the keys that
    the condition of its section reads, ``after`` those that must be decided before it. ``offset``
    and ``width`` are bytes in the vector of a submission, presence byte included.
    """

    key: str
    number: int
    section: int
    name: str
    kind: Kind
    resolved: Resolved
    condition: Expression | None
    constraints: tuple[tuple[Expression, Text], ...]
    carried: str | None
    varies: bool
    gates: frozenset[str]
    after: frozenset[str]
    offset: int
    width: int

    @property
    def question(self) -> Any:
        return self.resolved.question

    @property
    def reads(self) -> frozenset[str]:
        """Return the keys on which it depends that this question is shown, or what it offers."""
        found = references(self.condition) if self.condition else frozenset()
        return found | ({self.carried} if self.carried else frozenset())


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """One page: its definition, its condition and its questions."""

    number: int
    section: Section
    condition: Expression | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class CompiledVersion:
    """A whole version, ready. ``width`` is the size in bytes of a submission's vector."""

    questionnaire: Questionnaire
    sections: tuple[CompiledSection, ...]
    width: int

    @cached_property
    def digest(self) -> str:
        """What identifies the version; a draft that is only checked never needs it."""
        return digest(self.questionnaire)

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every question by its key, in the order of the questionnaire."""
        return {item.key: item for section in self.sections for item in section.items}

    @cached_property
    def computed(self) -> dict[str, Expression]:
        """Every computed value by its key, made of questions only."""
        read = computed_in(self.questionnaire)
        return {
            c.key: read(c.expression) or parse(c.expression) for c in self.questionnaire.computed
        }

    @cached_property
    def triggers(self) -> frozenset[str]:
        """The keys that some condition reads: changing them may show or hide questions."""
        conditions = [s.condition for s in self.sections if s.condition]
        direct = frozenset().union(*(references(c) for c in conditions))
        return direct.union(*(item.reads for item in self.items.values()))

    @cached_property
    def order(self) -> tuple[Item, ...]:
        """Every question after those it depends on, otherwise in the order of the pages."""
        return tuple(_ordered(self.items))

    @cached_property
    def individual(self) -> Expression | None:
        """The expression that is true of a person who answers for no organisation."""
        source = self.questionnaire.individual
        return parse(source) if source else None


def compile_version(questionnaire: Questionnaire) -> CompiledVersion:
    """Resolve every list, scale and carried-over option, parse every expression, lay out bytes.

    Raises:
        CompileError: a list, scale or question that is named does not exist.
        ExpressionError: an expression cannot be read.
    """
    source = _Source(questionnaire)
    sections, number, offset = [], 0, 0
    read = computed_in(questionnaire)
    for index, section in enumerate(questionnaire.sections, 1):
        items = []
        condition = read(section.relevant)
        gates = references(condition) if condition else frozenset[str]()
        for question in section.questions:
            item = _item(source, question, index, offset, read, gates)
            if item.name != "statement":
                number += 1
                item = replace(item, number=number)
            offset += item.width
            items.append(item)
        sections.append(CompiledSection(index, section, condition, tuple(items)))
    return CompiledVersion(questionnaire, tuple(sections), offset)


def _item(
    source: _Source,
    question: Any,
    section: int,
    offset: int,
    read: Reader,
    gates: frozenset[str],
) -> Item:
    kind, resolved = kind_of(question), source.resolve(question)
    size = kind.width(resolved)
    carried = _carried(question)
    parts = [references(parse(part.relevant)) for part in resolved.parts if part.relevant]
    item = Item(
        key=question.key,
        number=0,
        section=section,
        name=name_of(question),
        kind=kind,
        resolved=resolved,
        condition=read(question.relevant),
        constraints=tuple(
            (read(c.expression) or parse(c.expression), c.message) for c in question.constraints
        ),
        carried=carried,
        varies=bool(carried) or bool(parts),
        gates=gates,
        after=frozenset(),
        offset=offset,
        width=0 if name_of(question) == "statement" else 1 + size,
    )
    return replace(item, after=item.reads | gates | frozenset[str]().union(*parts))


Reader = Callable[[str | None], Expression | None]


def computed_in(questionnaire: Questionnaire) -> Reader:
    """Return what parses an expression and puts each computed value in it, instead of its key.

    A condition on a computed value thus depends on the questions that the value is made of, and
    nothing has to be computed in any order. A value made of itself, or that would grow without
    end, is left as it is written.
    """
    sources = {c.key: c.expression for c in questionnaire.computed}
    weights: dict[str, int] = {}

    def weight(key: str) -> int:
        if key not in weights:
            weights[key] = sum(1 for _ in walk(parse(sources[key]).root))
        return weights[key]

    def grown(found: Expression, known: frozenset[str]) -> int:
        keys = [n.key for n, _ in walk(found.root) if isinstance(n, Reference) and n.key in known]
        return sum(map(weight, keys))

    def read(source: str | None) -> Expression | None:
        if not source or not source.strip():
            return None
        found = parse(source)
        for _ in range(MOST_NESTED):
            known = references(found) & sources.keys()
            if not known or grown(found, known) > MOST_NODES:
                break
            found = replaced(found, {key: parse(sources[key]).root for key in known})
        return found

    return read


def _carried(question: Any) -> str | None:
    origin = getattr(question, "options_from", None) or getattr(question, "rows_from", None) or ""
    key, _, part = origin.partition(".")
    return key if part == "chosen" else None


@dataclass(frozen=True)
class _Source:
    """The lists, scales and questions that a question may take its options and rows from."""

    questionnaire: Questionnaire

    @cached_property
    def questions(self) -> dict[str, Any]:
        return {q.key: q for s in self.questionnaire.sections for q in s.questions}

    def resolve(self, question: Any, seen: tuple[str, ...] = ()) -> Resolved:
        if question.key in seen:
            raise CompileError(question.key, "cette question reprend ses propres options")
        seen = (*seen, question.key)
        return Resolved(
            question,
            options=_distinct(question.key, tuple(self._options(question, seen))),
            rows=_distinct(question.key, tuple(self._rows(question, seen))),
        )

    def _options(self, question: Any, seen: tuple[str, ...]) -> Iterator[Option]:
        yield from self._named(question, "from_list", self.questionnaire.lists)
        yield from self._named(question, "scale", self.questionnaire.scales)
        for part in self._carried_from(question, "options_from", seen):
            yield Option(value=part.value, label=part.label)
        yield from getattr(question, "options", ())
        yield from getattr(question, "points", ())

    def _rows(self, question: Any, seen: tuple[str, ...]) -> Iterator[Row]:
        for part in self._carried_from(question, "rows_from", seen):
            yield Row(value=part.value, label=part.label)
        yield from getattr(question, "rows", ())

    def _named(self, question: Any, field: str, named: Mapping[str, list[Option]]) -> list[Option]:
        name = getattr(question, field, None)
        if name is None:
            return []
        if name not in named:
            what = "d’échelle" if field == "scale" else "de liste"
            raise CompileError(question.key, f"il n’y a pas {what} «\u00a0{name}\u00a0»")
        return named[name]

    def _carried_from(
        self, question: Any, field: str, seen: tuple[str, ...]
    ) -> tuple[Option | Row, ...]:
        origin = getattr(question, field, None)
        if not origin:
            return ()
        key, _, part = origin.partition(".")
        if key not in self.questions or part not in ("rows", "options", "chosen"):
            sentence = f"«\u00a0{origin}\u00a0» ne se reprend pas, il n’y a rien de ce nom"
            raise CompileError(question.key, sentence)
        found = self.resolve(self.questions[key], seen)
        return found.rows if part == "rows" else found.options


def _distinct(key: str, parts: tuple[Any, ...]) -> tuple[Any, ...]:
    values = [part.value for part in parts]
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise CompileError(key, f"le code «\u00a0{twice}\u00a0» sert à deux options ou lignes")
    return parts


def _ordered(items: Mapping[str, Item]) -> Iterator[Item]:
    """Yield each item after those that decide of it; a cycle is broken where it is met."""
    done: set[str] = set()
    for key in items:
        yield from _with_origins(key, items, done)


def _with_origins(key: str, items: Mapping[str, Item], done: set[str]) -> Iterator[Item]:
    stack = [(key, False)]
    while stack:
        key, ready = stack.pop()
        if ready:
            yield items[key]
        elif key in items and key not in done:
            done.add(key)
            stack.append((key, True))
            stack.extend((k, False) for k in sorted(items[key].after, reverse=True))
