"""The days and times that a visit is chosen from."""
