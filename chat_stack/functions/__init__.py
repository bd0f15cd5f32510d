"""The Lambda functions, their packages, and what invokes them."""
