"""Settings of an environment: types, limits, validation, environment variables; loads no CDK."""
