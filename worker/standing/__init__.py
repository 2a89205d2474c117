"""What is known of a customer, for the limits of those who book for themselves."""
