"""What a service asks, between the time that was chosen and the summary; worker.intake takes the answers."""
