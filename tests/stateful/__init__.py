"""State machines over the whole worker: what people do is drawn, and what has to be true is looked at."""
