"""The WebSocket API: routes, domains, logs."""
