"""The Bot API's methods, by name."""
