"""Measures: what a page of the questionnaire costs, and how much is written in a second."""
