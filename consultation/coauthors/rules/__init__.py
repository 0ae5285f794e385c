"""What may be done about the people of a shared response. Pure."""
