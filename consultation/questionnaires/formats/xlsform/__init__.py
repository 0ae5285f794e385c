"""XLSForm: the spreadsheet of ODK and KoboToolbox."""
