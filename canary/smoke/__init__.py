"""Two clients that chat with a deployment, and tell whether it is well."""
