"""Loaded before the tests and what they import, so that both are compiled once and for all.

A worker that may write no bytecode rewrites the assertions of every test file at every run: that
is ten seconds of each processor before the first test, and as much again for what the tests start
apart. Bytecode stays out of git and ``make clean`` removes it.
"""

from __future__ import annotations

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
