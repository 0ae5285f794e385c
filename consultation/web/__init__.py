"""The frame: session, access, security headers, error pages, forms, typography. Knows no room."""
