"""A question of the file on its way to one or several of ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from consultation.questionnaires.formats.limesurvey.attributes import Attributes
from consultation.questionnaires.formats.limesurvey.em_tree import cited
from consultation.questionnaires.formats.limesurvey.scales import OTHER, in_languages, limit
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.work import Work, every
from consultation.questionnaires.kinds.question import Constraint, Option, Text
from consultation.questionnaires.kinds.statement import Statement

Fields = dict[str, Any]

LONG_LABEL = 160
"""Beyond, the text of a question is not repeated before each of its parts."""


class Asked:
    """One question: its row, its attributes, its rows and answers, and the import under way."""

    def __init__(self, work: Work, row: Row) -> None:
        self.work, self.row = work, row
        self.type, self.title = row.get("type"), row.get("title")
        self.attributes = Attributes(work.source, row.get("qid"))

    def say(self, what: str) -> None:
        """Report a line about this question."""
        self.work.say(self.row, what)

    @cached_property
    def key(self) -> str:
        return self.work.key(self.row)

    @cached_property
    def label(self) -> Text:
        """The text of the question; its code when it has none."""
        lines = self.type == "X"
        return self.work.text(self.row, "question", lines=lines) or {self.work.base: self.title}

    @cached_property
    def hint(self) -> Text:
        return self.work.text(self.row, "help")

    @property
    def mandatory(self) -> bool:
        return self.row.get("mandatory").upper() == "Y"

    @property
    def random(self) -> bool:
        answer_order = self.attributes.get("answer_order")
        return self.attributes.flag("random_order") or answer_order == "random"

    @cached_property
    def relevance(self) -> str | None:
        """The condition of the question; never true when it was hidden."""
        found = self.work.relevance(self.row)
        if self.attributes.flag("hidden") and self.type != "*":
            self.say(
                "Cette question était masquée\u00a0: sa condition est «\u00a0false\u00a0». "
                "Supprimez-la ou changez sa condition."
            )
            return "false"
        return found

    def rows(self, scale: str = "0") -> list[Row]:
        """Return the sub-questions of a scale, in order."""
        rows = self.work.source.subquestions.get(self.row.get("qid"), [])
        return [row for row in rows if row.get("scale_id", "0") == scale]

    def answers(self, scale: str = "0") -> list[Row]:
        """Return the answer options of a scale, in order."""
        rows = self.work.source.answers.get(self.row.get("qid"), [])
        return [row for row in rows if row.get("scale_id", "0") == scale]

    def label_of(self, row: Row, name: str = "question") -> Text:
        """Return the text of a sub-question or an answer; its code when it has none.

        The bars that separate the ends of a slider or of a bipolar scale become dashes.
        """
        code = row.get("title") or row.get("code")
        found = self.work.text(row, name) or {self.work.base: code or "–"}
        if name == "answer":
            return found
        return {language: _ends(text) for language, text in found.items()}

    def shared(self, *parts: str, label: Text | None = None, when: str | None = None) -> Fields:
        """Return the fields of any question of ours: for the whole, or for a part of it."""
        return {
            "key": self.work.key(self.row, *parts),
            "label": label or self.label,
            "hint": {} if parts else self.hint,
            "required": self.mandatory,
            "relevant": every(self.relevance, when),
        }

    def part_label(self, *labels: Text) -> Text:
        """Return « question – part », or the part alone when the question is long."""
        if self.introduced:
            return joined(*labels)
        return joined(self.label, *labels)

    @property
    def introduced(self) -> bool:
        """Whether the text of the question must stand apart, before its parts."""
        return any(len(text) > LONG_LABEL for text in self.label.values())

    def in_parts(self, parts: Sequence[Any]) -> list[Any]:
        """Return the parts of a question after its text; a short one is repeated in each label."""
        if self.introduced and parts:
            fields = self.shared()
            del fields["required"]
            return [Statement(**fields), *parts]
        if parts:
            parts[0].hint = self.hint
        return list(parts)

    def options(self, rows: Sequence[Row], name: str = "answer") -> list[Option]:
        """Return answer rows as options, the codes made distinct."""
        field_name = "code" if name == "answer" else "title"
        values = self.work.values(rows, self.row, field_name)
        self.work.keep(*rows)
        return [
            Option(value=value, label=self.label_of(row, name))
            for value, row in zip(values, rows, strict=True)
        ]

    def other(self, options: Sequence[Option]) -> Option | None:
        """Return the option « autre », when the question has one."""
        if self.row.get("other").upper() != "Y":
            return None
        said = self.attributes.texts("other_replace_text")
        label = self.work.cleaned(self.row, _for_all(said, self.work.source.languages))
        taken = {option.value for option in options}
        value = self.work.source.names.get((self.title, "-oth-"), "other")
        return Option(
            value=next(v for v in (value, "-oth-", "other_", "-oth-_") if v not in taken),
            label={**in_languages(OTHER, self.work.source.languages), **label},
            other=True,
        )

    def with_other(self, options: list[Option]) -> list[Option]:
        """Return the options with « autre » at its place."""
        other = self.other(options)
        if other is None:
            return options
        place = self.attributes.get("other_position")
        if place == "beginning":
            return [other, *options]
        code = self.attributes.get("other_position_code")
        values = [option.value for option in options]
        if place == "specific" and code in values:
            at = values.index(code) + 1
            return [*options[:at], other, *options[at:]]
        return [*options, other]

    def sorted(self, rows: list[Row], name: str) -> list[Row]:
        """Return rows in alphabetical order when the question asks for it."""
        wanted = self.attributes.get("answer_order") == "alphabetical"
        if not wanted and not self.attributes.flag("alphasort"):
            return rows
        return sorted(rows, key=lambda r: _plain(self.label_of(r, name).get(self.work.base, "")))

    def localised(self, name: str) -> Text:
        """Return an attribute that is a text, in the languages of the survey."""
        said = self.attributes.texts(name)
        return self.work.cleaned(self.row, _for_all(said, self.work.source.languages))

    def default(self, *, part: Row | None = None, special: str = "") -> str:
        """Return a default answer as it is written; empty when there is none or it is computed."""
        sqid = part.get("qid") if part is not None else "0"
        row = self.work.source.default_rows.get((self.row.get("qid"), sqid, special))
        if row is None:
            return ""
        said = row.said("defaultvalue")
        text = (said.get(self.work.base) or next(iter(said.values()), "")).strip()
        if "{" in text:
            self.work.say(row, f"La réponse par défaut {cited(text, 120)} n’est pas reprise.")
            return ""
        return text

    def limit(self, subject: str, *limits: tuple[str, str]) -> Constraint:
        """Return limits of something as one constraint: each is a sign and a number, or a day."""
        languages = self.work.source.languages
        said = [limit(sign, number, languages) for sign, number in limits]
        together = {lang: ", ".join(text[lang] for text in said) for lang in said[0]}
        source = " and ".join(f"{subject} {sign} {number}" for sign, number in limits)
        return Constraint(expression=source, message=together)

    def lost_default(self, text: str) -> None:
        """Say that a default answer is not one of ours."""
        self.say(f"La réponse par défaut {cited(text, 120)} n’est pas reprise.")


def joined(*labels: Text) -> Text:
    """Return labels joined by dashes, in each language of any of them."""
    languages = dict.fromkeys(language for label in labels for language in label)
    found: Text = {}
    for language in languages:
        said = [label.get(language) or next(iter(label.values()), "") for label in labels]
        found[language] = " – ".join(text for text in said if text)
    return found


def _plain(text: str) -> str:
    """Return a text without its accents and capitals, as a dictionary sorts it."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _ends(text: str) -> str:
    parts = [part.strip() for part in text.split("|") if part.strip()]
    return " – ".join(parts) if len(parts) > 1 else text


def _for_all(said: dict[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Spread a text said in no language over those that have none of their own."""
    if "" not in said:
        return said
    return {language: said.get(language) or said[""] for language in languages}
