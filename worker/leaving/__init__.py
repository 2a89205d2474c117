"""What is taken away from who works here, and what stands in the way."""
