"""Reading and writing questionnaires in other formats."""
