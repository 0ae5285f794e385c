"""Regions and competitiveness clusters: official codes with validity dates."""
