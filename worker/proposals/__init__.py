"""Changes of the business in the chat: what each would do is shown first, and just that is applied."""
