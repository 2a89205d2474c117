"""A visit that is moved, by its customer or by those in whose calendar it is; worker.booking answers."""
