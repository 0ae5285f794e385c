"""Read the address book, the campaigns and what was sent to each person."""
