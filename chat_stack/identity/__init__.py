"""Sign-in: user pool or issuer, and the authorizer."""
