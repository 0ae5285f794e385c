"""Writing the response of an organisation together: who writes, who does what, who signs."""
