"""Background work and schedule. Knows no room."""
