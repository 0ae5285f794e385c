"""The pages on which organisers write a questionnaire."""
