"""The pages of the people who write together."""
