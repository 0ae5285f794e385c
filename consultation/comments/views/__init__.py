"""The pages of comments: read, write, answer, confirm, follow."""
