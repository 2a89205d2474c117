"""What a restore has lost: who is told, and what a card of such a visit answers."""
