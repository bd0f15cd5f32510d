"""The review of messages by a Lambda function of the operator."""
