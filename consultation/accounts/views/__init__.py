"""The pages of the accounts: entry, one's own space, administration."""
