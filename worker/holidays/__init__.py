"""Public holidays of the country whose clock a business has: which are to come, and how they are said."""
