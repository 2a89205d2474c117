"""What happened to the business itself: who changed what of it, when, from where."""
