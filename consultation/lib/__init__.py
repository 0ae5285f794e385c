"""What would make sense in another project."""
