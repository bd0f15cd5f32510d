"""Client of API Gateway's @connections API, which pushes frames to connections."""
