"""Staff book for somebody: who may, whom it is for, and what staff are answered; worker.booking shows it."""
