"""Introspects keys with clients of OAuth 2.0 that we did not write: Authlib, openid-client, and Apache with mod_oauth2."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from authlib.integrations.requests_client import OAuth2Session

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

from apache import Apache
from server import Server

KEYS = "/v1/organizations/users/ada%40acme.example/api-keys"
HERE = Path(__file__).parent
BAD = "sk_live_4fZk2Vw8uQp3nTy7Rb5cXs9dJg6hLm1a0OqXyZ"


def main():
    with Server() as server:
        organization = server.bootstrap("Acme", "ada@acme.example")
        admin = organization["admin_key"]
        good = server.call(admin, "POST", KEYS, {"name": "asked about"})["key"]
        check_authlib(server, admin, good)
        subprocess.run(["node", HERE / "introspect.mjs", server.address, admin, good, BAD], check=True)
        check_apache(server, admin, good)
        if log := server.log():
            raise SystemExit(f"The server logged warnings or errors:\n{log}")


def check_authlib(server, admin, good):
    url = f"{server.address}/v1/introspect"
    for method in ["client_secret_basic", "client_secret_post"]:
        client = OAuth2Session("my client", admin, token_endpoint_auth_method=method)
        found = client.introspect_token(url, token=good, token_type_hint="access_token").json()
        assert found["active"] and found["scope"] == "read" and found["username"] == "ada@acme.example", found
        assert client.introspect_token(url, token=BAD).json() == {"active": False}
        stranger = OAuth2Session("my client", BAD, token_endpoint_auth_method=method)
        assert stranger.introspect_token(url, token=good).status_code == 401
    print("Authlib: both ways work")


def check_apache(server, admin, good):
    with tempfile.TemporaryDirectory(prefix="keystead-") as folder:
        with Apache(Path(folder), f"{server.address}/v1/introspect", admin) as apache:
            for key, expected in [(good, 200), (BAD, 401), (None, 401)]:
                assert apache.status(key) == expected, (key is None, apache.status(key), apache.log())
            server.call(admin, "DELETE", f"{KEYS}/asked%20about", {})
            # Apache remembers an answer for a second.
            for _ in range(100):
                if apache.status(good) == 401:
                    break
                time.sleep(0.1)
            assert apache.status(good) == 401
    print("Apache: only the key that works passes")


if __name__ == "__main__":
    main()
