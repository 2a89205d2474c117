"""A strict Telegram on loopback: the Bot API, a client API to act as users, and a web chat."""
