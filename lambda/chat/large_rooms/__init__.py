"""The SQS queue that pushes to the connections of large rooms."""
