"""What the accounts allow: pure rules, without a database and without a clock."""
