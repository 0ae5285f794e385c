"""The questionnaire as data: one JSON format, typed, whose digest is a version's identity."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import msgspec

from consultation.lib.canonical_json import canonical
from consultation.questionnaires.kinds.question import Key, Option, Struct, Text
from consultation.questionnaires.kinds.table import AnyQuestion

FORMAT: Literal["consultation-questionnaire/1"] = "consultation-questionnaire/1"


class FormatError(Exception):
    """A document is not a questionnaire; the message says where and why, in English."""


class Section(Struct):
    """One page of the questionnaire."""

    key: Key
    title: Text
    introduction: Text = {}
    relevant: str | None = None
    questions: list[AnyQuestion] = []


class Computed(Struct):
    """A value computed from answers, shown in texts as ``${key}``."""

    key: Key
    expression: str


class Questionnaire(Struct, kw_only=True):
    """A whole questionnaire.

    ``lists`` and ``scales`` are options named once and used by several questions;
    ``breakdowns`` are the closed questions that results are filtered and crossed by;
    ``individual`` is the expression that is true of a person who answers for no organisation;
    ``organisation`` is the question that holds the SIRET or SIREN, so that each organisation
    counts once when small groups are hidden.
    """

    format: Literal["consultation-questionnaire/1"] = FORMAT
    code: Key
    languages: list[str] = msgspec.field(default_factory=lambda: ["fr"])
    title: Text
    introduction: Text = {}
    estimated_minutes: int | None = None
    lists: dict[str, list[Option]] = {}
    scales: dict[str, list[Option]] = {}
    computed: list[Computed] = []
    breakdowns: list[Key] = []
    individual: str | None = None
    organisation: Key | None = None
    sections: list[Section] = []


_READER = msgspec.json.Decoder(Questionnaire)
"""Made with the module, while one thread runs: msgspec learns a type the first time it meets it,
and two threads that teach it the same one at the same moment end the process."""


def decode(data: bytes | str | dict[str, Any]) -> Questionnaire:
    """Read a questionnaire from JSON text or an already decoded object.

    Raises:
        FormatError: it is not JSON, or not of this format.
    """
    try:
        if isinstance(data, dict):
            return msgspec.convert(data, Questionnaire)
        return _READER.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FormatError(str(error)) from error


def encode(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the questionnaire as plain JSON data; ``decode`` of it is the same questionnaire."""
    data = msgspec.to_builtins(questionnaire)
    return {"format": FORMAT, **data}


def digest(questionnaire: Questionnaire) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(encode(questionnaire))).hexdigest()


SCHEMA = Path(__file__).with_name("schema.json")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format, as the last change of it was written."""
    schema: dict[str, Any] = msgspec.json.decode(SCHEMA.read_bytes())
    return schema


def derived_schema() -> dict[str, Any]:
    """Return the same from the types, whose texts of documentation are its descriptions.

    The web server runs without these texts, so it reads the file; a test compares both.
    """
    schema: dict[str, Any] = msgspec.json.schema(Questionnaire)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, **schema}
