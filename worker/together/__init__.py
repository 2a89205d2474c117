"""Bookings together as they are kept: what everybody may know of them who is no part of them."""
