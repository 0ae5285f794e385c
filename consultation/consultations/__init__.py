"""Open: a consultation, its modalities, dates, documents, phases and team."""
