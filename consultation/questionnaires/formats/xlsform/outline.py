"""The groups of a form: a tree of rows, and the pages it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from consultation.questionnaires.formats.report import Report, UnreadableFile
from consultation.questionnaires.formats.xlsform.sheets import FormRow, Sheet
from consultation.questionnaires.formats.xlsform.types import META, RowType, row_type

MOST_NESTED = 60
"""Groups inside one another that a form may have."""


@dataclass(slots=True)
class Group:
    """A group or repeat: its row (none for the form itself) and what it holds, in order."""

    row: FormRow | None = None
    repeat: bool = False
    parts: list[Group | Line] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """Return every row inside, at any depth."""
        for part in self.parts:
            if isinstance(part, Line):
                yield part
            else:
                yield from part.lines()

    def groups(self) -> Iterator[Group]:
        """Return every group inside, at any depth."""
        for part in self.parts:
            if isinstance(part, Group):
                yield part
                yield from part.groups()


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not a group, and its type."""

    row: FormRow
    type: RowType


def outline(survey: Sheet, report: Report) -> Group:
    """Return the tree of the survey sheet; what does not close is reported and closed.

    Raises:
        UnreadableFile: groups stand inside one another without end.
    """
    root = Group()
    stack = [root]
    for row in survey.rows:
        kind = row_type(row.get("type"))
        if _is_comment(survey, row, kind, report):
            continue
        if kind.name in ("begin_group", "begin_repeat", "begin_loop"):
            group = Group(row, repeat="repeat" in kind.name)
            _report_begin(survey, row, kind.name, report)
            stack[-1].parts.append(group)
            stack.append(group)
            if len(stack) > MOST_NESTED:
                raise UnreadableFile(
                    f"Ce formulaire emboîte plus de {MOST_NESTED} groupes. Fermez les groupes."
                )
        elif kind.name in ("end_group", "end_repeat", "end_loop"):
            if len(stack) > 1:
                stack.pop()
            else:
                report.problem(
                    survey.where(row), "Cette ligne ferme un groupe qui n’est pas ouvert."
                )
        else:
            stack[-1].parts.append(Line(row, kind))
    for group in stack[1:]:
        if group.row:
            report.problem(survey.where(group.row), "Ce groupe n’est jamais fermé.")
    return root


def _is_comment(survey: Sheet, row: FormRow, kind: RowType, report: Report) -> bool:
    """Say whether a row asks nothing, as the tools of the format read it, and report it."""
    if row.get("disabled").lower() in ("yes", "true", "true()", "1"):
        report.problem(survey.where(row), "Cette ligne est désactivée\u00a0: elle est écartée.")
        return True
    if kind.name:
        return False
    report.problem(survey.where(row), "Cette ligne n’a pas de type\u00a0: elle est écartée.")
    return True


def _report_begin(survey: Sheet, row: FormRow, name: str, report: Report) -> None:
    if name == "begin_repeat":
        report.problem(
            survey.where(row),
            "Les répétitions ne sont pas reprises\u00a0: les questions du groupe "
            f"«\u00a0{row.get('name')}\u00a0» sont posées une seule fois.",
        )
    elif name != "begin_group":
        report.problem(
            survey.where(row),
            f"Le type «\u00a0{row.get('type')}\u00a0» n’est pas repris\u00a0: "
            "ses lignes deviennent des questions ordinaires.",
        )


@dataclass(slots=True)
class Page:
    """A page to be: the groups around it, outermost first, and its lines with their own groups."""

    groups: tuple[Group, ...]
    lines: list[tuple[tuple[Group, ...], Line]] = field(default_factory=list)


def pages(root: Group) -> list[Page]:
    """Cut a form into pages: a page per outer group, and one per run of rows between them.

    A form that is one single group around others is cut by those.
    """
    around: tuple[Group, ...] = ()
    while _wraps(root):
        root = next(p for p in root.parts if isinstance(p, Group))
        around = (*around, root)
    made: list[Page] = []
    for part in root.parts:
        if isinstance(part, Group):
            page = Page((*around, part))
            page.lines.extend(_within(part, ()))
            made.append(page)
        elif made and made[-1].groups == around:
            made[-1].lines.append(((), part))
        else:
            made.append(Page(around, [((), part)]))
    return [page for page in made if page.lines]


def _wraps(group: Group) -> bool:
    """Say whether a group holds one group only, made of groups, beside what asks nothing."""
    inner = [p for p in group.parts if isinstance(p, Group)]
    lines = [p for p in group.parts if isinstance(p, Line) and p.type.name not in META]
    return len(inner) == 1 and not lines and any(isinstance(p, Group) for p in inner[0].parts)


def _within(group: Group, inside: tuple[Group, ...]) -> Iterator[tuple[tuple[Group, ...], Line]]:
    for part in group.parts:
        if isinstance(part, Line):
            yield inside, part
        else:
            yield from _within(part, (*inside, part))
