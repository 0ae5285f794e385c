"""One pure file per kind of question."""
