"""The client API: act as a user, read what the user sees, inject faults."""
