"""Invite: address books, personal links, invitations and reminders, the log of each person."""
