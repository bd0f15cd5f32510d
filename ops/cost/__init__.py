"""`make estimate`: the monthly cost of a chat and its use of limits, before a deployment."""
