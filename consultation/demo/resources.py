"""The data files of the demonstration, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from consultation.questionnaires.format import Questionnaire, decode

FOLDER = Path(__file__).parent / "data"
DOCUMENTS = FOLDER / "documents"


@cache
def sheet(name: str) -> Any:
    """Return the content of the YAML file ``name`` of the data folder. Nobody changes it."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def rural_questionnaire() -> Questionnaire:
    """Return the questionnaire of the coming consultation."""
    return decode((FOLDER / "agenda_rural.json").read_bytes())
