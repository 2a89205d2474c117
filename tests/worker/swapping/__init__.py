"""Two customers swap the times of their visits."""
