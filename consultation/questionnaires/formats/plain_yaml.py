"""YAML without what surprises: dates stay text, and nothing refers to anything else."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import YAMLError

__all__ = ["YAMLError", "load"]


def load(data: bytes) -> Any:
    """Return what the document says, in plain Python values; raise ``YAMLError`` on anything else.

    Anchors are refused: a small file may hide a huge one.
    """
    return yaml.load(data, Loader=_PlainLoader)  # noqa: S506 - a safe loader, made stricter


class _PlainLoader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise YAMLError("aliases are refused")
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
