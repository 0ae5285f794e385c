"""Questionnaires to start from."""
