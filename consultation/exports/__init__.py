"""Export: formats, and who exported what and why."""
