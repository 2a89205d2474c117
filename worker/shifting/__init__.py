"""What a visit of a series has in common with the later ones; what people tap for it is worker.series's."""
