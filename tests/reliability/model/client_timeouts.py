"""The time-outs of the reference client, in seconds.

The protocol has two clients on purpose: this one in Python and the SDK in `web/sdk`. They are
written independently, so that a misreading of the protocol in either fails a test. The values are
the same, and the SDK's own are in milliseconds.
"""

REPLY_TIMEOUT = 35.0
"""Time without a reply after which a connection is dead: API Gateway ends a request after 29 s."""

RESEND_TIMEOUT = 23 * 3600.0
"""Time in which a message may be sent again. The server recognizes a repetition for a day."""

LONGEST_PAUSE = 20.0
"""Longest pause between two attempts."""

GAP_TIMEOUT = 1.0
"""Time that a missing seq may take before the client asks history for it."""
