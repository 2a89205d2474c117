"""What the business changes of visits that are booked, and what their customers hear of it."""
