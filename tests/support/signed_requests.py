"""Requests to the emulator, signed by botocore and sent byte by byte as given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Keys

from local.credentials import Credentials
from tools.common import REGION

JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; *target* is its path with its query."""

    method: str = "GET"
    target: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def sent_to(self, url: str) -> int:
        """Send it to the emulator at *url*; return the status of the answer."""
        parts = urlsplit(url)
        connection = HTTPConnection(str(parts.hostname), parts.port, timeout=20)
        try:
            connection.putrequest(self.method, self.target, skip_host=True)
            for name, value in {"Host": parts.netloc, **self.headers}.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(self.body.encode())))
            connection.endheaders(self.body.encode())
            return connection.getresponse().status
        finally:
            connection.close()

    def signed(self, credentials: Credentials, url: str, *, service: str) -> "Request":
        """Return it with a signature in the header."""
        signed = self._unsigned(url)
        SigV4Auth(_keys(credentials), service, REGION).add_auth(signed)
        return Request(self.method, self.target, dict(signed.headers.items()), self.body)

    def signed_in_query(self, credentials: Credentials, url: str, *, service: str) -> "Request":
        """Return it with a signature in the query."""
        signed = self._unsigned(url)
        SigV4QueryAuth(_keys(credentials), service, REGION).add_auth(signed)
        parts = urlsplit(str(signed.url))
        return Request(self.method, f"{parts.path}?{parts.query}", self.headers, self.body)

    def _unsigned(self, url: str) -> AWSRequest:
        return AWSRequest(self.method, url + self.target, dict(self.headers), self.body)


def _keys(credentials: Credentials) -> Keys:
    token = None
    return Keys(credentials.key_id, credentials.secret, token)
