"""Change the people of shared responses; nothing here commits."""
