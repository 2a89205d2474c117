"""What somebody is about to confirm: a visit, or where it moves."""
