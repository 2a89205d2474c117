"""Wishes for times that are not free, and what is offered of them."""
