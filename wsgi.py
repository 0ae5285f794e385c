"""The WSGI entry point: ``granian --interface wsgi wsgi:app``."""

import sys

from consultation.app import create_app
from consultation.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    print(f"Error: {error}", file=sys.stderr)
    raise SystemExit(2) from error
