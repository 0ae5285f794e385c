"""The documents that people read before answering."""
