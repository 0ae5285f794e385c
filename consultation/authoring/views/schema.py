"""The JSON Schema of the format, at an address that does not change."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, json

from consultation.questionnaires.format import json_schema
from consultation.web.access import public

blueprint = Blueprint("schemas", __name__)
PATH = "/schemas/questionnaire-1.json"


@blueprint.get(PATH)
@public
def questionnaire() -> Response:
    """Give the schema of ``consultation-questionnaire/1``."""
    address = current_app.extensions["settings"].public_url + PATH
    body = json.dumps({"$id": address, **json_schema()}, ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/schema+json")
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
