"""Moderate: the queue and the decisions with their reasons."""
