"""People who tap and say anything at all: what they leave behind is looked at by every check."""
