"""From source to tree. Bounded whatever the source: at most 5,000 characters, 60 levels."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedToken, v_args
from lark.exceptions import UnexpectedInput

from consultation.questionnaires.expressions.errors import NBSP, ExpressionError, error_at, quoted
from consultation.questionnaires.expressions.explain import explain_character, explain_token
from consultation.questionnaires.expressions.tree import (
    MAX_DEPTH,
    RESERVED,
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Constant,
    Expression,
    Membership,
    Multiplication,
    Node,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
    too_deep,
)

MAX_LENGTH = 5000
MAX_WHOLE_DIGITS = 15
MAX_NUMBER_LENGTH = 40


class _RefusedTokenError(Exception):
    """Raised while building a node: the token is well formed and yet refused."""

    def __init__(self, token: Token, reason: str) -> None:
        super().__init__(reason)
        self.token = token
        self.reason = reason


def unquote(literal: str) -> str:
    """The text of a literal: a backslash counts only before a quotation mark or a backslash.

    So a regular expression is written as everywhere else: matches(code, '\\d{5}').
    """
    body, pieces, start = literal[1:-1], [], 0
    while (found := body.find("\\", start)) >= 0 and found + 1 < len(body):
        keep = found + 1 if body[found + 1] in "\\'\"" else found
        pieces += [body[start:found], body[keep : found + 2]]
        start = found + 2
    return "".join(pieces) + body[start:]


def _number(token: Token, sign: int = 1) -> Number:
    whole, _, decimals = token.partition(".")
    if len(whole.lstrip("0")) > MAX_WHOLE_DIGITS or len(token) > MAX_NUMBER_LENGTH:
        reason = f"ce nombre est trop long{NBSP}: écrivez {MAX_WHOLE_DIGITS} chiffres au plus."
        raise _RefusedTokenError(token, reason)
    value = float(token) if decimals else int(token)
    return Number(sign * value, at=token.start_pos or 0)


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Turns each rule of the grammar into its node as soon as it is recognised."""

    def start(self, root: Node) -> Node:
        return root

    def any_of(self, *operands: Node) -> Node:
        return AnyOf(operands, at=operands[0].at)

    def all_of(self, *operands: Node) -> Node:
        return AllOf(operands, at=operands[0].at)

    def negated(self, word: Token, operand: Node) -> Node:
        return Not(operand, at=_at(word))

    def compared(self, left: Node, operator: Token, right: Node) -> Node:
        return Comparison(cast(Any, operator.value), left, right, at=_at(operator))

    def within(self, operand: Node, word: Token, items: tuple[Constant, ...]) -> Node:
        return Membership(operand, items, at=_at(word))

    def not_within(
        self, operand: Node, word: Token, _in: Token, items: tuple[Constant, ...]
    ) -> Node:
        return Membership(operand, items, negated=True, at=_at(word))

    def list(self, *items: Constant | None) -> tuple[Constant, ...]:
        return tuple(item for item in items if item is not None)

    def added(self, first: Node, *rest: Any) -> Node:
        return Addition(first, _terms(rest), at=_at(rest[0]))

    def multiplied(self, first: Node, *rest: Any) -> Node:
        return Multiplication(first, _terms(rest), at=_at(rest[0]))

    def opposite(self, minus: Token, operand: Node) -> Node:
        return Opposite(operand, at=_at(minus))

    def negative_number(self, minus: Token, number: Token) -> Node:
        return Number(_number(number, -1).value, at=_at(minus))

    def number(self, token: Token) -> Node:
        return _number(token)

    def text(self, token: Token) -> Node:
        return Text(unquote(token), at=_at(token))

    def constant(self, word: Token) -> Node:
        if word.type == "NONE":
            return Nothing(at=_at(word))
        return Boolean(word.type == "TRUE", at=_at(word))

    def question(self, token: Token) -> Node:
        return Reference(token.value, at=_at(token))

    def part(self, token: Token) -> Node:
        key, _, part = token.partition(".")
        if key in RESERVED:
            reason = f"{quoted(key)} ne peut pas être la clé d’une question."
            raise _RefusedTokenError(token, reason)
        return Reference(key, unquote(part) if part[0] in "'\"" else part, at=_at(token))

    def call(self, name: Token, *arguments: Node | None) -> Node:
        return Call(name.value, tuple(a for a in arguments if a is not None), at=_at(name))


def _at(token: Token) -> int:
    return token.start_pos or 0


def _terms(rest: tuple[Any, ...]) -> tuple[tuple[str, Node], ...]:
    return tuple((str(sign), term) for sign, term in zip(rest[::2], rest[1::2], strict=True))


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


def _check_depth(expression: Expression) -> None:
    deep = too_deep(expression.root)
    if deep is not None:
        reason = f"l’expression est trop imbriquée{NBSP}: {MAX_DEPTH} niveaux au plus."
        raise error_at(expression.source, deep.at, reason)


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read an expression. Raises `ExpressionError`, and nothing else, when it cannot be read."""
    if len(source) > MAX_LENGTH:
        reason = f"l’expression dépasse {MAX_LENGTH} caractères{NBSP}: découpez-la."
        raise error_at(source, MAX_LENGTH, reason)
    try:
        root = cast(Node, _parser().parse(source))
    except _RefusedTokenError as refused:
        raise error_at(source, _at(refused.token), refused.reason) from None
    except UnexpectedInput as unexpected:
        raise _explained(source, unexpected) from None
    expression = Expression(root, source)
    _check_depth(expression)
    return expression


def _explained(source: str, unexpected: UnexpectedInput) -> ExpressionError:
    if isinstance(unexpected, UnexpectedToken):
        token = unexpected.token
        ended = token.type == "$END"
        offset = len(source.rstrip()) if ended else _at(token)
        expected = unexpected.accepts or set()
        return error_at(source, offset, explain_token(source, None if ended else token, expected))
    return error_at(source, *explain_character(source, cast(int, unexpected.pos_in_stream)))
