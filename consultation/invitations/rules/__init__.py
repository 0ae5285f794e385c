"""Who receives what and when, and whom a personal link lets in: pure rules."""
