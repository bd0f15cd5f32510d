"""The SQS queue for the posts to large rooms."""
