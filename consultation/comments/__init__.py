"""Discuss: public comments under a consultation."""
