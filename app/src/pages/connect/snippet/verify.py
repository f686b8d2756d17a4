import json
import os
import urllib.request


def verify_key(key, ip=None):
    """Ask whether a key that a client has sent may read: {"valid": …, "code": …, "key_id": …, "owner": …}.

    Raises if Keystead gives no verdict. Then refuse the request.
    """
    request = urllib.request.Request(
        "@SERVER@/v1/keys/verify",
        data=json.dumps({"key": key, "permissions": ["read"], "ip": ip}).encode(),
        headers={
            "Authorization": "Bearer " + os.environ["KEYSTEAD_KEY"],
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=2) as answer:
        return json.load(answer)
