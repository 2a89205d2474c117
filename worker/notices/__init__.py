"""Who hears of visits among the people who work here, what is promised to them and what they read."""
