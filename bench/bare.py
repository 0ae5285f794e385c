"""A bare Flask application, served by granian beside ours: what the server and Flask cost alone."""

from __future__ import annotations

from flask import Flask, render_template
from jinja2 import DictLoader

_BARE = """<!doctype html><html lang="fr"><title>Nue</title><body><h1>Une page</h1><ul>
{% for row in rows %}<li class="row"><a href="/ligne/{{ row }}">La ligne numéro {{ row }} de cette \
page</a></li>
{% endfor %}</ul></body></html>"""

app = Flask("bare")
app.jinja_loader = DictLoader({"bare.html": _BARE})
app.add_url_rule("/", view_func=lambda: render_template("bare.html", rows=range(120)))
