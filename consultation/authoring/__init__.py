"""Writing a questionnaire: the editor, its drafts, imports, trials, comparison, publication."""
