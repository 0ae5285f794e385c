"""Read the people of shared responses, and the official responses of a consultation."""
