"""How templates import the macros of others."""

from __future__ import annotations

from typing import Any

from flask.templating import Environment
from jinja2 import Template
from jinja2.environment import TemplateModule


class SharedTemplate(Template):
    """A template whose macros are made once, whoever imports them.

    Jinja compares, at each import, the globals of the page with those of the macros, to make these
    again where they differ. Ours are those of the environment, the same for all: that comparison
    is one hundredth of a page.
    """

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        return super()._get_default_module()


class Templates(Environment):
    """The environment of Flask, with these templates."""

    template_class = SharedTemplate
