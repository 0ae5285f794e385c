"""An error in an expression, with its place and what to do, in French."""

NBSP = "\u00a0"


class ExpressionError(ValueError):
    """What is wrong in an expression, and where.

    `message_fr` begins with the place (« Caractère 14 : … »); `reason` is the same without it.
    `position`, `line` and `column` count from 1, in characters.
    """

    def __init__(self, message_fr: str, position: int, line: int, column: int) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr
        self.position = position
        self.line = line
        self.column = column

    @property
    def reason(self) -> str:
        return self.message_fr.split(f"{NBSP}: ", 1)[1]


def error_at(source: str, offset: int, reason: str) -> ExpressionError:
    """The error for the character at `offset` (from 0) of the source."""
    offset = max(0, min(offset, len(source)))
    before = source[:offset]
    line = before.count("\n") + 1
    column = offset - (before.rfind("\n") + 1) + 1
    place = f"Ligne {line}, caractère {column}" if "\n" in source else f"Caractère {column}"
    return ExpressionError(f"{place}{NBSP}: {reason}", offset + 1, line, column)


def quoted(text: str) -> str:
    """The text between French quotation marks, cut when it is long."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return f"«{NBSP}{shown}{NBSP}»"
