"""Whether a visit's customer could be told of it."""
