"""What can be booked, and with whom: the lists that a visit is chosen from."""
