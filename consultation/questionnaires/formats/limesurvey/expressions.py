"""Equations of LimeSurvey translated into our expressions.

An answer that is hidden is empty in both. LimeSurvey's server reads a hidden variable without
``.NAOK`` as empty too, so the suffix changes nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from consultation.questionnaires.expressions.build import (
    call,
    compare,
    divide,
    every,
    expression,
    literal,
    multiply,
    negate,
    question,
    subtract,
)
from consultation.questionnaires.expressions.errors import ExpressionError
from consultation.questionnaires.expressions.tree import (
    Boolean,
    Expression,
    Node,
    Text,
)
from consultation.questionnaires.formats.limesurvey import functions
from consultation.questionnaires.formats.limesurvey.checks import CONDITIONS
from consultation.questionnaires.formats.limesurvey.comparisons import (
    FLIPPED,
    between,
    figure,
    truth,
    with_text,
)
from consultation.questionnaires.formats.limesurvey.counting import count_compared
from consultation.questionnaires.formats.limesurvey.em_parse import parse
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Applied,
    Em,
    Figure,
    Joined,
    Name,
    Prefixed,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.figures import is_amount
from consultation.questionnaires.formats.limesurvey.moments import apart, moment
from consultation.questionnaires.formats.limesurvey.scope import Scope, given, one
from consultation.questionnaires.formats.limesurvey.shaping import (
    added,
    as_condition,
    chain,
    constants,
    figure_in,
    joined,
    opposite,
    points,
    text_of,
)
from consultation.questionnaires.formats.limesurvey.variables import (
    Files,
    Formula,
    OtherTick,
    Value,
)

_COMPARED = ("==", "!=", "<", "<=", ">", ">=")


def condition(source: str, scope: Scope) -> Expression:
    """Translate an equation that shows, hides or checks something.

    Raises:
        Untranslatable: it cannot be read, or says what our language cannot.
    """
    return _finished(lambda: _Translator(scope).condition(parse(source)))


def computed(source: str, scope: Scope) -> Expression:
    """Translate an equation that gives a value. Raises like :func:`condition`."""
    return _finished(lambda: _Translator(scope).value(parse(source)))


def computed_node(source: str, scope: Scope) -> Node:
    """Translate an equation that gives a value into a tree. Raises like :func:`condition`."""
    try:
        return _Translator(scope).value(parse(source))
    except RecursionError:
        raise Untranslatable("elle est trop imbriquée") from None


def _finished(translate: object) -> Expression:
    try:
        return expression(translate())  # type: ignore[operator]
    except ExpressionError as error:
        raise Untranslatable(error.reason.rstrip(".")) from None
    except RecursionError:
        raise Untranslatable("elle est trop imbriquée") from None


@dataclass(frozen=True, slots=True)
class _Translator:
    scope: Scope

    # --- conditions ----------------------------------------------------------------------------

    def condition(self, em: Em) -> Node:
        """Return what ``em`` is worth as a condition."""
        match em:
            case Joined("and" | "or" as operator):
                return joined(operator, [self.condition(part) for part in chain(em, operator)])
            case Joined(operator, left, right) if operator in _COMPARED:
                return self.compared(operator, left, right)
            case Prefixed("!", operand):
                return negate(self.condition(operand))
            case Figure(value):
                return Boolean(value != 0)
            case Quoted(text):
                return Boolean(text not in ("", "0"))
            case Name(name):
                return self._alone(name)
            case Applied():
                return self._applied(em)
        return compare(self.amount(em), "!=", literal(0))

    def _alone(self, name: str) -> Node:
        if name.lower() in ("true", "false"):
            return Boolean(name.lower() == "true")
        meaning, suffix = one(self.scope, name)
        if suffix == "relevanceStatus":
            raise Untranslatable("«\u00a0.relevanceStatus\u00a0» n’a pas d’équivalent")
        if isinstance(meaning, Formula):
            return as_condition(meaning.node())
        return truth(meaning)

    def _applied(self, em: Applied) -> Node:
        name = em.function.lower()
        if name in CONDITIONS:
            return CONDITIONS[name](self, em.arguments)
        if name == "if":
            return self._chosen(em.arguments)
        if name == "count":
            return self.compared(">", em, Figure(0))
        return as_condition(functions.value_of(self, em))

    def _chosen(self, arguments: tuple[Em, ...]) -> Node:
        if not 2 <= len(arguments) <= 3:
            raise Untranslatable("if attend une condition et deux valeurs")
        holds, then = self.condition(arguments[0]), self.condition(arguments[1])
        otherwise = self.condition(arguments[2]) if len(arguments) == 3 else Boolean(False)
        first, second = joined("and", [holds, then]), joined("and", [negate(holds), otherwise])
        return joined("or", [first, second])

    def compared(self, operator: str, left: Em, right: Em) -> Node:
        """Return the comparison of two equations."""
        if text_of(left) is not None and text_of(right) is None:
            return self.compared(FLIPPED[operator], right, left)
        days = self._as_days(operator, left, right)
        if days is not None:
            return days
        text = text_of(right)
        if text is not None:
            return self._with_text(operator, left, text)
        if isinstance(left, Name) and isinstance(right, Name):
            return between(
                operator, one(self.scope, left.value)[0], one(self.scope, right.value)[0]
            )
        return compare(self._side(left), operator, self._side(right))  # type: ignore[arg-type]

    def _side(self, em: Em) -> Node:
        """Return one side of a comparison: a name keeps being empty when it is."""
        if isinstance(em, Name):
            meaning, _ = one(self.scope, em.value)
            if isinstance(meaning, Value) and meaning.shape == "text":
                return call("number", meaning.reference)
            if isinstance(meaning, Value) and meaning.shape in ("number", "choice"):
                return meaning.reference
        return self.amount(em)

    def _as_days(self, operator: str, left: Em, right: Em) -> Node | None:
        """Return a comparison of two days, when one of the sides can only be a day."""
        first, second = moment(self.scope, left), moment(self.scope, right)
        if first is None and second is None:
            return None
        first = first if first is not None else moment(self.scope, left, bare=True)
        second = second if second is not None else moment(self.scope, right, bare=True)
        if first is None or second is None:
            return None
        return compare(first, operator, second)  # type: ignore[arg-type]

    def _with_text(self, operator: str, left: Em, text: str) -> Node:
        number = figure(text)
        match left:
            case Name(name):
                meaning, suffix = one(self.scope, name)
                if suffix == "relevanceStatus":
                    raise Untranslatable("«\u00a0.relevanceStatus\u00a0» n’a pas d’équivalent")
                return with_text(operator, meaning, text, suffix)
            case Applied(function, arguments):
                found = self._function_with(operator, function.lower(), left, arguments, text)
                if found is not None:
                    return found
            case Figure() | Quoted():
                return Boolean(constants(operator, text_of(left) or "", text))
        if number is not None:
            return compare(self.amount(left), operator, literal(number))  # type: ignore[arg-type]
        if not text.strip():
            there = compare(self.value(left), "!=", literal(None))
            return there if operator in ("!=", ">") else negate(there)
        return compare(self.value(left), operator, literal(text))  # type: ignore[arg-type]

    def _function_with(
        self, operator: str, name: str, em: Applied, arguments: tuple[Em, ...], text: str
    ) -> Node | None:
        number = figure(text)
        if name in CONDITIONS and number in (0, 1) and operator in ("==", "!="):
            holds = CONDITIONS[name](self, arguments)
            return holds if (number == 1) is (operator == "==") else negate(holds)
        if name == "count" and number is not None:
            return count_compared(self, operator, arguments, number)
        if name in ("floor", "intval") and isinstance(number, int) and len(arguments) == 1:
            return self._floor_with(operator, arguments[0], number)
        if operator in ("==", "!="):
            found = functions.starts(self, em, text)
            return negate(found) if found is not None and operator == "!=" else found
        return None

    def _floor_with(self, operator: str, em: Em, number: int) -> Node:
        """Compare a whole part: ``floor(x) > 17`` is ``x >= 18``."""
        empty_holds = constants(operator, "0", str(number))  # the whole part of nothing is zero
        plain = number != 0 if operator in ("==", "!=") else not empty_holds
        node = self._side(em) if plain else self.amount(em)
        low, high = literal(number), literal(number + 1)
        match operator:
            case ">=":
                return compare(node, ">=", low)
            case ">":
                return compare(node, ">=", high)
            case "<":
                return compare(node, "<", low)
            case "<=":
                return compare(node, "<", high)
        within = every(compare(node, ">=", low), compare(node, "<", high))
        return within if operator == "==" else negate(within)

    # --- values --------------------------------------------------------------------------------

    def value(self, em: Em) -> Node:
        """Return what ``em`` is worth, of whatever sort."""
        match em:
            case Figure(value):
                return literal(value)
            case Quoted(text):
                return Text(text)
            case Name(name):
                return self._named(name)
            case Applied():
                return functions.value_of(self, em)
            case Joined("+", left, right) if self._is_text(left) or self._is_text(right):
                return call("concat", self.value(left), self.value(right))
            case Joined("and" | "or") | Prefixed("!"):
                return self.condition(em)
            case Joined(operator) if operator in _COMPARED:
                return self.condition(em)
        return self.amount(em)

    def _named(self, name: str) -> Node:
        meaning, suffix = one(self.scope, name)
        match meaning:
            case Value() if suffix in ("value", "valueNAOK") and any(meaning.points.values()):
                return points(meaning)
            case Value(reference):
                return reference
            case OtherTick(key):
                return question(key, "other")
            case Files(key):
                return call("count", question(key))
            case Formula(node):
                return node()
        return call("if", given(meaning), Text("Y"), literal(None))

    def _is_text(self, em: Em) -> bool:
        if isinstance(em, Quoted):
            return figure(em.value) is None
        if isinstance(em, Joined) and em.operator == "+":
            return self._is_text(em.left) or self._is_text(em.right)
        if isinstance(em, Name):
            meaning = one(self.scope, em.value)[0]
            return isinstance(meaning, OtherTick) or (
                isinstance(meaning, Value) and meaning.shape == "text"
            )
        return isinstance(em, Applied) and em.function.lower() in (
            "strtolower",
            "strtoupper",
            "join",
        )

    def amount(self, em: Em) -> Node:
        """Return what ``em`` is worth in a computation; an empty answer is zero there."""
        match em:
            case Figure(value):
                return literal(value)
            case Quoted(text):
                return literal(figure_in(text))
            case Name():
                return self._amount_of(em)
            case Prefixed("-", operand):
                return opposite(self.amount(operand))
            case Prefixed("+", operand):
                return self.amount(operand)
            case Joined("+" | "-" | "*" | "/"):
                return self._computed(em)
            case Applied():
                return functions.value_of(self, em)
        raise Untranslatable("une condition n’est pas un nombre")

    def _amount_of(self, em: Name) -> Node:
        meaning = one(self.scope, em.value)[0]
        if isinstance(meaning, Value) and meaning.shape == "date":
            raise Untranslatable("une date n’est pas un nombre")
        if not isinstance(meaning, Value | Formula | Files):
            raise Untranslatable("cette réponse n’est pas un nombre")
        node = self._named(em.value)
        if isinstance(meaning, Value) and meaning.shape == "text":
            node = call("number", node)
        return node if is_amount(node) else call("sum", node, literal(0))

    def _computed(self, em: Joined) -> Node:
        days = apart(self.scope, em)
        if days is not None:
            return days
        left, right = self.amount(em.left), self.amount(em.right)
        match em.operator:
            case "+":
                return added(left, right)
            case "-":
                return subtract(left, right)
            case "*":
                return multiply(left, right)
        return divide(left, right)
