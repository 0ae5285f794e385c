"""Change the address book, the campaigns and what people decide. Nothing here commits."""
