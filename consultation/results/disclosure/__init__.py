"""The disclosure gate: which figures of a table may be shown. Pure, on arrays."""
