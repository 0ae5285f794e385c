"""The functions of equations that have a counterpart in our language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from consultation.questionnaires.expressions.automaton import PatternError
from consultation.questionnaires.expressions.build import (
    add,
    call,
    compare,
    every,
    literal,
    negate,
    question,
    some,
    subtract,
)
from consultation.questionnaires.expressions.patterns import compile_pattern
from consultation.questionnaires.expressions.tree import Call, Node, Number
from consultation.questionnaires.formats.limesurvey.comparisons import with_text
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Applied,
    Em,
    Figure,
    Name,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.moments import moment, part_of_date
from consultation.questionnaires.formats.limesurvey.scope import (
    Translating,
    given,
    one,
    several,
)
from consultation.questionnaires.formats.limesurvey.variables import (
    Files,
    Formula,
    Missing,
    OtherTick,
    Place,
    Tick,
    Value,
    Variable,
)

LONGEST_LIST = 120
"""Variables that a counting function is unfolded over."""

_Rule = Callable[[Translating, tuple[Em, ...]], Node]


# --- conditions --------------------------------------------------------------------------------


def is_empty(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that nothing is given."""
    match arguments:
        case (Name(name),):
            return negate(given(one(t.scope, name)[0]))
        case (other,):
            return compare(t.value(other), "==", literal(None))
    raise Untranslatable("is_empty attend une réponse")


def regex_match(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that an answer follows a pattern."""
    match arguments:
        case (Quoted(pattern), subject):
            bare, small = whole_pattern(pattern)
            node = t.value(subject)
            return call("matches", call("lower", node) if small else node, literal(bare))
    raise Untranslatable("le motif de regexMatch n’est pas un texte")


def whole_pattern(source: str) -> tuple[str, bool]:
    """Return a pattern of the whole text from one of PHP, and whether capitals do not matter."""
    delimiter = source.strip()[:1]
    body, _, flags = source.strip()[1:].rpartition(delimiter) if delimiter else ("", "", "")
    if delimiter not in ("/", "#", "~", "@", "!") or not body or set(flags) - set("iu"):
        raise Untranslatable("ce motif ne se lit pas")
    body = body.replace("\\/", "/")
    start = "" if body.startswith("^") else ".*"
    end = "" if body.endswith("$") and not body.endswith("\\$") else ".*"
    if "|" in body and (start or end or body.count("^") + body.count("$") != 2):
        body = f"({body})"
    if "i" in flags:
        body = _small(body)
    try:
        compile_pattern(start + body + end)
    except PatternError as wrong:
        raise Untranslatable(f"ce motif n’est pas repris ({wrong.reason.rstrip('.')})") from None
    return start + body + end, "i" in flags


def _small(body: str) -> str:
    """Return a pattern in small letters; ``\\D`` and the like keep their capital."""
    pieces = body.split("\\")
    return "\\".join(p.lower() if n == 0 else p[:1] + p[1:].lower() for n, p in enumerate(pieces))


def is_numeric(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that an answer reads as a number."""
    match arguments:
        case (Name(name),):
            meaning = one(t.scope, name)[0]
            if isinstance(meaning, Value) and meaning.shape == "text":
                return compare(call("number", meaning.reference), "!=", literal(None))
            return given(meaning)
    raise Untranslatable("is_numeric attend une réponse")


def substring(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that a text stands in an answer."""
    match arguments:
        case (subject, Quoted(text)) if text:
            return call("contains", t.value(subject), literal(text))
    raise Untranslatable("le texte cherché n’est pas écrit dans l’expression")


CONDITIONS: dict[str, _Rule] = {
    "is_empty": is_empty,
    "is_null": is_empty,
    "regexmatch": regex_match,
    "is_numeric": is_numeric,
    "is_int": is_numeric,
    "is_float": is_numeric,
    "strstr": substring,
    "stristr": lambda t, a: _stristr(t, a),
}


def _stristr(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (subject, Quoted(text)) if text:
            return call("contains", call("lower", t.value(subject)), literal(text.lower()))
    raise Untranslatable("le texte cherché n’est pas écrit dans l’expression")


# --- counts ------------------------------------------------------------------------------------


def listed(t: Translating, arguments: Sequence[Em]) -> list[Variable]:
    """Return the variables that a function over a list is given."""
    found: list[Variable] = []
    for argument in arguments:
        if not isinstance(argument, Name):
            raise Untranslatable("cette fonction n’est reprise que pour des réponses")
        found += several(t.scope, argument.value)
    lost = [v.meaning.reason for v in found if isinstance(v.meaning, Missing)]
    if lost:
        raise Untranslatable(lost[0])
    if len(found) > LONGEST_LIST:
        raise Untranslatable("elle compte trop de réponses")
    return found


def counted(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many of the variables are not empty."""
    whole, apart = _whole_questions(t, listed(t, arguments))
    terms: list[Node] = [call("count", question(key)) for key in whole]
    terms += [call("if", given(v.meaning), literal(1), literal(0)) for v in apart]
    return add(*terms) if terms else literal(0)


def count_compared(
    t: Translating, operator: str, arguments: tuple[Em, ...], number: float
) -> Node | None:
    """Return « one at least », « none » or « all » said plainly, when the comparison says so."""
    found = listed(t, arguments)
    apart = _whole_questions(t, found)[1]
    if not apart or len(found) > 25:
        return None
    conditions = [given(v.meaning) for v in found]
    if (operator, number) in ((">", 0), (">=", 1), ("!=", 0)):
        return some(*conditions)
    if (operator, number) in (("==", 0), ("<", 1), ("<=", 0)):
        return every(*[negate(condition) for condition in conditions])
    if (operator, number) in (("==", len(found)), (">=", len(found)), (">", len(found) - 1)):
        return every(*conditions)
    return None


def _whole_questions(t: Translating, found: list[Variable]) -> tuple[list[str], list[Variable]]:
    """Return the keys of the questions whose every variable is there, and the other variables."""
    by_key: dict[str, list[Variable]] = defaultdict(list)
    for variable in found:
        by_key[_key(variable)].append(variable)
    whole, apart = [], []
    for key, own in by_key.items():
        every_one = [v for v in _all_of(t, own[0]) if _key(v) == key and v.role != "comment"]
        names = {v.name for v in own}
        if len(every_one) > 1 and _countable(own[0]) and names >= {v.name for v in every_one}:
            whole.append(key)
        else:
            apart += own
    return whole, apart


def _all_of(t: Translating, variable: Variable) -> list[Variable]:
    return list(t.scope.variables.of_question[variable.question].values())


def _countable(variable: Variable) -> bool:
    meaning = variable.meaning
    if isinstance(meaning, Value):
        return meaning.reference.part is not None
    return isinstance(meaning, Tick | OtherTick | Place)


def _key(variable: Variable) -> str:
    match variable.meaning:
        case Value(reference):
            return reference.key
        case Tick(key) | OtherTick(key) | Place(key) | Files(key) | Formula(_, key):
            return str(key)
    return ""


def count_if(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many variables have a value."""
    match arguments:
        case (Quoted() | Figure() as wanted, *rest):
            return _count_where(t, "==", _text(wanted), rest)
    raise Untranslatable("countif attend d’abord une valeur")


def count_if_op(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many variables compare with a value as asked."""
    match arguments:
        case (Quoted(operator), Quoted() | Figure() as wanted, *rest) if operator in _OPERATORS:
            return _count_where(t, _OPERATORS[operator], _text(wanted), rest)
    raise Untranslatable("countifop attend un signe et une valeur")


_OPERATORS = {
    "==": "==", "=": "==", "eq": "==", "!=": "!=", "ne": "!=", "<": "<", "lt": "<",
    "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip


def _count_where(t: Translating, operator: str, text: str, rest: Sequence[Em]) -> Node:
    found = listed(t, rest)
    whole, apart = _whole_questions(t, found)
    if operator == "==" and not apart and len(whole) == 1 and isinstance(found[0].meaning, Value):
        codes = found[0].meaning.codes
        if text in codes:
            return call("count", question(whole[0]), literal(codes[text]))
    terms = []
    for variable in found:
        holds = with_text(operator, variable.meaning, text)
        terms.append(call("if", holds, literal(1), literal(0)))
    return add(*terms) if terms else literal(0)


def _text(em: Em) -> str:
    return em.value if isinstance(em, Quoted) else str(getattr(em, "value", ""))


# --- amounts -----------------------------------------------------------------------------------


def totalled(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the sum of what is a number; nothing is zero."""
    terms = _amounts(t, arguments)
    zero = () if any(is_amount(term) for term in terms) else (literal(0),)
    return call("sum", *terms, *zero)


def _amounts(t: Translating, arguments: tuple[Em, ...]) -> list[Node]:
    """Return the numbers of a list; boxes and words weigh nothing there."""
    terms: list[Node] = []
    names = [a for a in arguments if isinstance(a, Name)]
    whole, apart = _whole_questions(t, listed(t, names))
    for key in whole:
        terms.append(question(key))
    for variable in apart:
        if isinstance(variable.meaning, Value | Formula):
            terms.append(_number(variable.meaning))
    return terms + [t.amount(a) for a in arguments if not isinstance(a, Name)]


def _number(meaning: Value | Formula) -> Node:
    if isinstance(meaning, Formula):
        return meaning.node()
    if meaning.shape == "date":
        raise Untranslatable("une date ne s’additionne pas")
    return call("number", meaning.reference) if meaning.shape == "text" else meaning.reference


def extreme(name: str) -> _Rule:
    """Return the rule of ``min`` or ``max``."""

    def rule(t: Translating, arguments: tuple[Em, ...]) -> Node:
        terms = _amounts(t, arguments)
        if not terms:
            raise Untranslatable(f"{name} ne reçoit aucun nombre")
        return call(name, *terms)

    return rule


def _round(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (number,):
            return call("round", t.amount(number))
        case (number, Figure(decimals)):
            return call("round", t.amount(number), literal(decimals))
    raise Untranslatable("round attend un nombre")


def floored(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the whole part of a number."""
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    node = t.amount(arguments[0])
    if _is_whole(t, arguments[0], node):
        return node
    below = call("round", subtract(node, literal(0.5)))
    return call("if", compare(node, "==", call("round", node)), node, below)


def ceiled(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the smallest whole number above."""
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    node = t.amount(arguments[0])
    if _is_whole(t, arguments[0], node):
        return node
    above = call("round", add(node, literal(0.5)))
    return call("if", compare(node, "==", call("round", node)), node, above)


def _is_whole(t: Translating, em: Em, node: Node) -> bool:
    if isinstance(em, Name):
        meaning = one(t.scope, em.value)[0]
        return isinstance(meaning, Value) and (meaning.whole or meaning.shape == "choice")
    if isinstance(node, Number):
        return float(node.value).is_integer()
    return isinstance(node, Call) and node.name in (
        "count",
        "year",
        "month",
        "days_between",
        "round",
    )


def _same(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    return t.amount(arguments[0])


def _length(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("strlen attend un texte")
    return call("length", t.value(arguments[0]))


AMOUNTS: dict[str, _Rule] = {
    "count": counted,
    "countif": count_if,
    "countifop": count_if_op,
    "sum": totalled,
    "min": extreme("min"),
    "max": extreme("max"),
    "round": _round,
    "floor": floored,
    "intval": floored,
    "ceil": ceiled,
    "floatval": _same,
    "fixnum": _same,
    "abs": lambda t, a: call("abs", _same(t, a)),
    "strlen": _length,
    "pi": lambda t, a: literal(3.141592653589793),
    "date": lambda t, a: part_of_date(t.scope, a),
    "gmdate": lambda t, a: part_of_date(t.scope, a),
    "idate": lambda t, a: part_of_date(t.scope, a),
}


# --- texts -------------------------------------------------------------------------------------


def _lower(t: Translating, arguments: tuple[Em, ...]) -> Node:
    return call("lower", _only(t, arguments))


def _upper(t: Translating, arguments: tuple[Em, ...]) -> Node:
    return call("upper", _only(t, arguments))


def _only(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un texte")
    return t.value(arguments[0])


def _joined(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if not arguments:
        raise Untranslatable("join attend des textes")
    return call("concat", *[t.value(a) for a in arguments])


def _choice(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (condition, then):
            return call("if", t.condition(condition), t.value(then), literal(None))
        case (condition, then, otherwise):
            return call("if", t.condition(condition), t.value(then), t.value(otherwise))
    raise Untranslatable("if attend une condition et deux valeurs")


TEXTS: dict[str, _Rule] = {
    "strtolower": _lower,
    "strtoupper": _upper,
    "trim": _only,
    "ltrim": _only,
    "rtrim": _only,
    "join": _joined,
    "if": _choice,
}


def value_of(t: Translating, applied: Applied) -> Node:
    """Return what a function gives, of whatever sort.

    Raises:
        Untranslatable: it has no counterpart.
    """
    name = applied.function.lower()
    day = moment(t.scope, applied)
    if day is not None:
        return day
    rule = AMOUNTS.get(name) or TEXTS.get(name) or CONDITIONS.get(name)
    if rule is None:
        raise Untranslatable(f"la fonction «\u00a0{applied.function}\u00a0» n’a pas d’équivalent")
    return rule(t, applied.arguments)


def starts(t: Translating, applied: Applied, text: str) -> Node | None:
    """Return ``substr(x, 0, n) == 'abc'`` as « begins with », when it says that."""
    match applied:
        case Applied("substr", (subject, Figure(0), Figure(size))) if size == len(text):
            return call("starts_with", t.value(subject), literal(text))
    return None


def is_amount(node: Node) -> bool:
    """Say whether a node is a number whatever the answers, never nothing."""
    if isinstance(node, Number):
        return True
    if isinstance(node, Call):
        return node.name in ("count", "length") or (
            node.name == "sum" and any(isinstance(a, Number) for a in node.arguments)
        )
    return False
