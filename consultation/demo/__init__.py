"""The demonstration: a synthetic population, its answers and its comments, all labelled so."""
