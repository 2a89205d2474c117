"""Two visits have each other's time: the one way in which a taken time is given to somebody."""
