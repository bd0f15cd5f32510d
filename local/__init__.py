"""The whole chat on one machine: an emulated AWS, and the stack deployed on it."""
