"""Who works on a consultation."""
