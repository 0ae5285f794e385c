"""Answer: drafts by section, submissions, receipts."""
