"""The people who work here, with what each of them is."""
