"""The calendar file of a visit: what it says, how it is sent, and taken away once it is no longer true."""
