"""Read a file of contacts: its rows, its columns, what is wrong on which line. Pure."""
