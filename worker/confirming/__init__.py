"""Whether a customer has said that they will be there, and the time that is freed where they have to.

The handlers are worker.reminders's, of what staff tap worker.staff's.
"""
