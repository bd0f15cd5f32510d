"""The chat: one Lambda package whose dispatcher calls one handler per message type."""
