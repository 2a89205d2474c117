"""Health in words: what is not well is told to those who run the business, and when it is over."""
