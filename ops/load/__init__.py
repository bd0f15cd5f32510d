"""`make load`: a crowd that talks at a steady rate, and what became of each message."""
