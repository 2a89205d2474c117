"""Bookings together."""
