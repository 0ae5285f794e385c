"""The pages on which a person answers."""
