"""Signatures equal those of botocore."""

from datetime import UTC, datetime
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from chat.gateway.sigv4 import SERVICE, Credentials, FrameSigner, request_path
from tests.support.hypothesis_profiles import generated

BASE64 = st.text("ABCXYZabcxyz0189+/=", min_size=1, max_size=40)
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


class Botocore(SigV4Auth):
    """botocore's signer at a given moment."""

    def __init__(self, credentials: BotocoreCredentials, region: str, moment: datetime) -> None:
        super().__init__(credentials, SERVICE, region)
        self._stamp = f"{moment:%Y%m%dT%H%M%SZ}"

    def authorization(self, method: str, url: str, body: bytes) -> str:
        """Return the header that botocore would send."""
        request = AWSRequest(method, url, data=body)
        request.context["timestamp"] = self._stamp
        request.headers["X-Amz-Date"] = self._stamp
        if self.credentials.token:
            request.headers["X-Amz-Security-Token"] = self.credentials.token
        canonical = self.canonical_request(request)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        signed = self.signed_headers(self.headers_to_sign(request))
        scope = self.scope(request)
        return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={signed}, Signature={signature}"


@generated(full=2000, soak=2000)
@given(
    method=st.sampled_from(["POST", "DELETE"]),
    connection_id=BASE64,
    stage=st.text("abcXYZ09_-", min_size=1, max_size=20),
    body=st.binary(max_size=200),
    access_key=st.text("ABCXYZ0189", min_size=1, max_size=20),
    secret_key=SECRETS,
    token=st.none() | BASE64,
    region=st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1"]),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_equals_botocore(
    method: str,
    connection_id: str,
    stage: str,
    body: bytes,
    access_key: str,
    secret_key: str,
    token: str | None,
    region: str,
    moment: datetime,
) -> None:
    """The header equals botocore's for any request, credentials, region and time."""
    host = f"abc123.execute-api.{region}.amazonaws.com"
    path = request_path(f"/{stage}", connection_id)
    signer = FrameSigner(
        Credentials(access_key, secret_key, token),
        region=region,
        host=host,
        body=body,
        moment=moment,
        method=method,
    )

    ours = signer.authorization(path)

    theirs = Botocore(BotocoreCredentials(access_key, secret_key, token), region, moment)
    assert ours == theirs.authorization(method, f"https://{host}{path}", body)
    assert path == f"/{stage}/@connections/{quote(connection_id, safe='')}"
