"""A visit that waits until somebody agrees, as its card, its notice and its staff card show it."""
