"""Authentication: tokens, their keys, and the authorizer's answer to API Gateway."""
