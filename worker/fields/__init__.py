"""One field of the business file in the chat: what it holds, how it is asked for, what is said of it."""
