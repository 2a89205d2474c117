"""The parts of visits as rows of their own: in calendars, and when their visit changes."""
