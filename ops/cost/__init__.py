"""What a chat costs, and which limits it comes near, before it is deployed."""
