"""Pictures of the ways through the chat, for the pages for customers, specialists and owners."""
