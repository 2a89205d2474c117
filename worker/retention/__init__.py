"""What is kept for how long, and forgetting the rest."""
