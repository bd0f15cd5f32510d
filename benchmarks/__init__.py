"""`make bench`: what a push, a message and a start cost, side by side with other ways."""
