"""The context that a Lambda function receives with each event."""


class LambdaContext:
    """An invocation that has 10 seconds left."""

    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the invocation is ended."""
        return 10_000
