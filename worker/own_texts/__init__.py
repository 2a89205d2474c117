"""The business's own words in place of ours: for the welcome, reminders and after a visit, per language."""
