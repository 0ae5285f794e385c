"""Define: questions, conditions, versions."""
