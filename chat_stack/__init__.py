"""The infrastructure: constructs, and the stack that wires them."""
