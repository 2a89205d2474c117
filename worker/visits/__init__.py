"""A visit that is booked: what it is, its card, what it promises, what stands in the way of changing it."""
