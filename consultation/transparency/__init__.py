"""Prove: the append-only log of submissions, its signed heads, its proofs."""
