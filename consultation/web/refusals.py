"""One way to refuse a request with a sentence for the person."""

from __future__ import annotations

from typing import NoReturn

from werkzeug.exceptions import HTTPException


class Refused(HTTPException):
    """A refusal: ``code`` is an HTTP status from 400 to 499, ``description`` a French sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def refuse(code: int, sentence: str) -> NoReturn:
    """Stop here: show ``sentence`` (what to do, in French) on the page of the status ``code``."""
    raise Refused(code, sentence)
