"""Hours of single dates: what closes and opens on them, and how that is said."""
