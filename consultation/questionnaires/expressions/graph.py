"""Questions that wait for each other, and questions that nobody can ever see."""

from collections.abc import Collection, Mapping
from datetime import date

from consultation.questionnaires.expressions.build import answered, every, some
from consultation.questionnaires.expressions.symbols import Symbol
from consultation.questionnaires.expressions.tree import Expression, Node, Not, references
from consultation.questionnaires.expressions.verdict import verdict

_MAX_CONDITIONS = 12


def cycles(reads: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """The rings among {key: the keys that its condition reads}.

    ("a", "b") means that a reads b, that reads a. Every key that takes part in a ring is in one of
    those returned. Keys that are not in the mapping read nothing.
    """
    graph = _without_dead_ends({key: sorted(reads[key]) for key in reads})
    rings: list[tuple[str, ...]] = []
    covered: set[str] = set()
    for key in graph:
        ring = () if key in covered else _shortest_ring(key, graph)
        if ring:
            rings.append(ring)
            covered.update(ring)
    return rings


def _without_dead_ends(graph: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The same graph, less the keys that read nothing, again and again."""
    left = {key: [read for read in graph[key] if read in graph] for key in graph}
    readers: dict[str, list[str]] = {key: [] for key in graph}
    for key, reads in left.items():
        for read in reads:
            readers[read].append(key)
    unread = {key: len(left[key]) for key in left}
    ended = [key for key in left if not left[key]]
    while ended:
        key = ended.pop()
        del left[key]
        for reader in readers[key]:
            unread[reader] -= 1
            if unread[reader] == 0:
                ended.append(reader)
    return {key: [read for read in left[key] if read in left] for key in left}


def _shortest_ring(start: str, graph: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The shortest way from a key back to itself; empty when there is none."""
    came_from: dict[str, str] = {}
    reached = [start]
    for key in reached:  # grows while it is read: breadth first
        for read in graph[key]:
            if read == start:
                return _way_back(key, start, came_from)
            if read not in came_from:
                came_from[read] = key
                reached.append(read)
    return ()


def _way_back(key: str, start: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    way = [key]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def unreachable(
    conditions: Mapping[str, Expression], symbols: Mapping[str, Symbol], today: date
) -> list[str]:
    """The keys whose condition no answers can make true. Never a false alarm.

    A question counts as answered only when its own condition holds, so that a question that needs
    the answer to an unreachable one is unreachable too. `conditions` has those of the sections
    joined to those of their questions.
    """
    return [
        key
        for key, condition in conditions.items()
        if verdict(condition, symbols, today) == "never"
        or verdict(Expression(_on_the_path(condition, conditions)), symbols, today) == "never"
    ]


def _on_the_path(condition: Expression, conditions: Mapping[str, Expression]) -> Node:
    """The condition, and that each question it reads was shown if it is answered, and so on."""
    nodes: list[Node] = [condition.root]
    waiting = sorted(references(condition))
    for key in waiting:
        if key in conditions and len(nodes) <= _MAX_CONDITIONS:
            nodes.append(some(Not(answered(key)), conditions[key].root))
            waiting.extend(sorted(references(conditions[key]) - set(waiting)))
    return every(*nodes)
