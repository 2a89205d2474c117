"""What is kept of one person: written out for them, and erased when they ask for it."""
