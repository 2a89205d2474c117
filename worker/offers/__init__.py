"""A freed time is offered to one after the other in line: held for each until their answer or a deadline."""
