"""The demonstration: seeded, synthetic and labelled as such."""
