"""What is offered in place of visits for which nobody is there: times that are kept, and who watches it."""
