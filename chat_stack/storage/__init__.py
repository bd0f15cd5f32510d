"""Tables, the queue of large rooms, and their encryption."""
