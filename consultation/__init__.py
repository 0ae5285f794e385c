"""An open platform for public consultations."""
