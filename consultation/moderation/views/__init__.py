"""The pages of moderation: the queue, reports, appeals, the public register."""
