"""How templates import the macros of others, and where they are kept compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, Template
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


def keep_compiled(app: Flask, folder: Path) -> None:
    """Keep the compiled templates in ``folder``, from one start to the next."""
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), "%s.compiled")


def compile_templates(app: Flask) -> None:
    """Compile those that have changed since the last time: no visitor then waits for it."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
