"""The visits of a day or a week, as the people who work here read them. Its handler is worker.staff's."""
