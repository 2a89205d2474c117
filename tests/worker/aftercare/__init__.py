"""What is asked and said after a visit."""
