"""Who hears of visits among the people who work here, and what is promised to them."""
