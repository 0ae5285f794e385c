"""The pages of a consultation: for everybody, for its team."""
