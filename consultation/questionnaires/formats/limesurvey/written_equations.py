"""Our expressions written as equations of LimeSurvey's Expression Manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Constant,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
)

_NAMED = {
    "sum": "sum", "min": "min", "max": "max", "round": "round", "abs": "abs", "if": "if",
    "length": "strlen", "lower": "strtolower", "upper": "strtoupper", "concat": "join",
}  # fmt: skip


class Unwritable(Exception):
    """LimeSurvey has no way to say it; the message is a French reason without full stop."""


@dataclass(frozen=True, slots=True)
class Target:
    """A question as equations write it: its kind, its code, the codes of its options and rows."""

    kind: str
    code: str
    options: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    other: str = ""

    @property
    def ticked(self) -> bool:
        """Whether each option is a variable of its own."""
        return self.kind in ("multiple", "consent")

    @property
    def several(self) -> bool:
        """Whether the answer is several variables."""
        return self.kind in ("multiple", "ranking", "matrix", "allocation")


def written(node: Node, targets: Mapping[str, Target]) -> str:
    """Return the equation of a tree.

    Raises:
        Unwritable: LimeSurvey has no way to say it.
    """
    return _Writer(targets).condition(node)


def written_value(node: Node, targets: Mapping[str, Target]) -> str:
    """Return the equation of a tree that gives a value. Raises like :func:`written`."""
    return _Writer(targets).value(node)


def guard(keys: list[str], targets: Mapping[str, Target]) -> list[str]:
    """Return « not answered » for each question, as our constraints mean it."""
    return [_Writer(targets).unanswered(targets[key]) for key in keys if key in targets]


@dataclass(frozen=True, slots=True)
class _Writer:
    targets: Mapping[str, Target]

    def condition(self, node: Node) -> str:
        match node:
            case AllOf(operands):
                return " and ".join(self._inside(o) for o in operands)
            case AnyOf(operands):
                return " or ".join(self._inside(o) for o in operands)
            case Not(operand):
                return f"!{self._inside(operand, closed=True)}"
            case Boolean(value):
                return "1" if value else "0"
            case Comparison():
                return self._comparison(node)
            case Membership():
                return self._membership(node)
            case Call():
                return self._call(node)
            case Reference():
                return self._alone(node)
        return self.value(node)

    def _inside(self, node: Node, *, closed: bool = False) -> str:
        text = self.condition(node)
        alone = isinstance(node, Call | Reference | Boolean) and " " not in text
        return text if alone and not (closed and text.startswith("!")) else f"({text})"

    def _target(self, key: str) -> Target:
        if key not in self.targets:
            raise Unwritable(f"«\u00a0{key}\u00a0» n’a pas d’équivalent dans LimeSurvey")
        return self.targets[key]

    def _alone(self, node: Reference) -> str:
        target = self._target(node.key)
        if target.kind == "consent":
            return self._ticked(target, "true")
        return f"!{self.unanswered(target, node.part)}"

    # --- names -----------------------------------------------------------------------------

    def _name(self, target: Target, part: str | None) -> str:
        """Return the variable of an answer."""
        if part is None:
            if target.several or target.kind in ("file", "consent"):
                raise Unwritable("une réponse multiple n’est pas une seule valeur dans LimeSurvey")
            return f"{target.code}.NAOK"
        if part == "other" and target.other:
            return f"{target.code}_other.NAOK"
        if part not in target.rows:
            raise Unwritable(f"la ligne «\u00a0{part}\u00a0» n’existe pas")
        return f"{target.code}_{target.rows[part]}.NAOK"

    def unanswered(self, target: Target, part: str | None = None) -> str:
        """Return the condition that there is no answer."""
        if part is None and target.several:
            return f"(count(that.{target.code}.NAOK) == 0)"
        if target.kind == "file":
            return f"({target.code}_filecount == 0)"
        if target.kind == "consent":
            return f"(is_empty({self._box(target, 'true')}))"
        return f"is_empty({self._name(target, part)})"

    def _box(self, target: Target, option: str) -> str:
        if option == target.other:
            return f"{target.code}_other.NAOK"
        if option not in target.options:
            raise Unwritable(f"«\u00a0{option}\u00a0» n’est pas une réponse possible")
        return f"{target.code}_{target.options[option]}.NAOK"

    def _ticked(self, target: Target, option: str) -> str:
        if option == target.other:
            return f"!is_empty({self._box(target, option)})"
        return f'{self._box(target, option)} == "Y"'

    # --- comparisons -----------------------------------------------------------------------

    def _comparison(self, node: Comparison) -> str:
        left, right = node.left, node.right
        if isinstance(left, Constant) and not isinstance(right, Constant):
            flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(node.operator, node.operator)
            return self._comparison(Comparison(flipped, right, left))  # type: ignore[arg-type]
        special = self._special(node.operator, left, right)
        if special is not None:
            return special
        return f"{self._operand(left)} {node.operator} {self._compared_with(left, right)}"

    def _special(self, operator: str, left: Node, right: Node) -> str | None:
        negation = "!" if operator == "!=" else ""
        match left, right:
            case Reference(key, part), Nothing() | Text("") if operator in ("==", "!="):
                return f"{negation}{self.unanswered(self._target(key), part)}"
            case Reference(key, None), Boolean(value) if self._target(key).kind == "consent":
                ticked = self._ticked(self._target(key), "true")
                return f"!({ticked})" if value is (operator == "!=") else ticked
            case Call("rank", (Reference(key), Text(option))), Number(place):
                target = self._target(key)
                if operator == "==" and option in target.options:
                    return f'{target.code}_{int(place)}.NAOK == "{target.options[option]}"'
                raise Unwritable("le rang d’une proposition ne se compare pas")
            case Call("starts_with" | "contains" | "matches"), _:
                raise Unwritable("cette comparaison n’existe pas dans LimeSurvey")
        return None

    def _compared_with(self, left: Node, right: Node) -> str:
        """Return the right side; the values of a choice are written as their codes."""
        if isinstance(left, Reference) and isinstance(right, Text | Number):
            target = self._target(left.key)
            codes = self._codes(target, left.part)
            value = right.value if isinstance(right, Text) else f"{right.value:g}"
            if codes and value in codes:
                return _quoted(codes[value])
            if isinstance(right, Text) and codes:
                raise Unwritable(f"«\u00a0{value}\u00a0» n’est pas une réponse possible")
        if isinstance(right, Call) and right.name == "date" and isinstance(left, Reference):
            return self.value(right.arguments[0])
        return self._operand(right)

    def _codes(self, target: Target, part: str | None) -> Mapping[str, str]:
        if part == "other" or target.kind not in ("single", "scale", "reference", "matrix"):
            return {}
        return target.options

    def _membership(self, node: Membership) -> str:
        operand = node.operand
        if isinstance(operand, Reference) and self._target(operand.key).ticked:
            each = [self._ticked(self._target(operand.key), _value(i)) for i in node.items]
        else:
            each = [self._comparison(Comparison("==", operand, item)) for item in node.items]
        joined = " or ".join(each) if each else "0"
        return f"!({joined})" if node.negated else joined

    # --- functions -------------------------------------------------------------------------

    def _call(self, node: Call) -> str:
        match node:
            case Call("selected", (Reference(key), Text(option))):
                return self._selected(self._target(key), option)
            case Call("answered", (Reference(key, part),)):
                return f"!{self.unanswered(self._target(key), part)}"
            case Call("matches", (subject, Text(pattern))):
                return f"regexMatch({_quoted(_php(pattern))}, {self.value(subject)})"
            case Call("contains", (subject, Text(text))):
                return f"strstr({self.value(subject)}, {_quoted(text)})"
            case Call("starts_with", (subject, Text(text))):
                return f"substr({self.value(subject)}, 0, {len(text)}) == {_quoted(text)}"
        return self.value(node)

    def _selected(self, target: Target, option: str) -> str:
        if target.ticked:
            return self._ticked(target, option)
        if option not in target.options:
            raise Unwritable(f"«\u00a0{option}\u00a0» n’est pas une réponse possible")
        code = _quoted(target.options[option])
        if target.kind != "ranking":
            return f"{target.code}.NAOK == {code}"
        places = range(1, len(target.options) + 1)
        return " or ".join(f"{target.code}_{place}.NAOK == {code}" for place in places)

    def value(self, node: Node) -> str:
        """Return an equation that gives a value."""
        match node:
            case Text(value):
                return _quoted(value)
            case Number(value):
                return f"{value}" if isinstance(value, int) else f"{value:.10f}".rstrip("0")
            case Nothing():
                return "''"
            case Boolean(value):
                return "1" if value else "0"
            case Reference(key, part):
                return self._name(self._target(key), part)
            case Opposite(operand):
                return f"-{self._operand(operand)}"
            case Addition(first, rest) | Multiplication(first, rest):
                terms = "".join(f" {sign} {self._operand(term)}" for sign, term in rest)
                return f"{self._operand(first)}{terms}"
            case Call():
                return self._function(node)
        return f"({self.condition(node)})"

    def _operand(self, node: Node) -> str:
        text = self.value(node)
        return f"({text})" if isinstance(node, Addition | Multiplication) else text

    def _function(self, node: Call) -> str:
        match node:
            case Call("count", (Reference(key),)):
                target = self._target(key)
                if target.kind == "file":
                    return f"{target.code}_filecount"
                return f"count(that.{target.code}.NAOK)"
            case Call("count", (Reference(key), Text(value))):
                target = self._target(key)
                if value in target.options:
                    return f"countif({_quoted(target.options[value])}, that.{target.code}.NAOK)"
            case Call("sum" | "min" | "max" as name, arguments):
                return f"{name}({', '.join(self._listed(a) for a in arguments)})"
            case Call("number" | "text", (Reference() as subject,)):
                return self.value(subject)
            case Call("if", (condition, then, otherwise)):
                parts = (self.condition(condition), self.value(then), self.value(otherwise))
                return f"if({', '.join(parts)})"
            case Call("today", ()):
                return 'date("Y-m-d")'
            case Call("date", (Text(day),)):
                return _quoted(day)
            case Call("year" | "month" as name, (day,)):
                return f'date("{"Y" if name == "year" else "n"}", {self._timestamp(day)})'
            case Call("days_between", (first, last)):
                return f"(({self._timestamp(last)} - {self._timestamp(first)}) / 86400)"
            case Call("selected" | "answered" | "matches" | "contains" | "starts_with"):
                return f"({self._call(node)})"
            case Call(name, arguments) if name in _NAMED:
                return f"{_NAMED[name]}({', '.join(self.value(a) for a in arguments)})"
        raise Unwritable(f"la fonction «\u00a0{node.name}\u00a0» n’existe pas dans LimeSurvey")

    def _listed(self, node: Node) -> str:
        if isinstance(node, Reference) and node.part is None and self._target(node.key).several:
            return f"that.{self._target(node.key).code}.NAOK"
        return self.value(node)

    def _timestamp(self, node: Node) -> str:
        if isinstance(node, Call) and node.name == "today":
            return "time()"
        return f"strtotime({self.value(node)})"


def _value(item: Node) -> str:
    return str(getattr(item, "value", ""))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _php(pattern: str) -> str:
    body = pattern.replace("/", "\\/")
    whole = body.startswith("^") and body.endswith("$") and not body.endswith("\\$")
    return f"/{body}/" if whole else f"/^(?:{body})$/"
