"""Tests every operation of the API description with schemathesis: all checks and phases, as each kind of caller.

    run.py                  as in `make test`: the same requests each time, within four minutes
    run.py --long           to run manually: many more requests, and different ones each time

KEYSTEAD_TEST_SECONDS is the time for each kind of caller, in seconds.
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))

from server import OPERATOR_TOKEN, Server  # noqa: E402 (the folder comes first)

ADA = "ada@acme.example"
LONG = "--long" in sys.argv
SECONDS = int(os.environ.get("KEYSTEAD_TEST_SECONDS", 900 if LONG else 40))
ROLES = ["admin", "member", "viewer", "service account", "operator"]
# No rate limit may end a run. The rate limit has its own tests.
OPTIONS = ["--rate-limit-default", "2147483647"]


def main():
    failed = [role for role in ROLES if not passes(role)]
    if failed:
        raise SystemExit(f"schemathesis: failed as {', '.join(failed)}")
    print("schemathesis: nothing found")


def passes(role):
    with Server(*OPTIONS) as server:
        made = server.bootstrap("Acme", ADA)
        secret = credential(server, role, made["admin_key"])
        variables = {"NO_COLOR": "1", "KEYSTEAD_ORGANIZATION": made["organization_id"], "SCHEMATHESIS_HOOKS": "hooks",
                     "PYTHONPATH": str(HERE)}
        # `--max-time` ends a run cleanly. The timeout here is longer and only stops a run that hangs.
        # The temporary folder discards the cases that were found. Otherwise, the next run would replay them with old
        # keys.
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run(command(server.address, secret), env=os.environ | variables, cwd=folder,
                                   capture_output=True, text=True, timeout=4 * SECONDS + 60)
        works = urllib.request.urlopen(f"{server.address}/healthz", timeout=10).status == 200
        log = server.log()
    lines = ended.stdout.strip().splitlines()
    cases = next((line.strip() for line in lines if " generated, " in line), "nothing was tried")
    print(f"schemathesis as {role}: {cases}; {lines[-1].strip('= ') if lines else ended.stderr}")
    if ended.returncode != 0 or not works or log:
        print(ended.stdout.replace(secret, "…"), log, sep="\n")
        return False
    return True


def command(address, secret):
    words = [Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml"]
    words += ["run", f"{address}/openapi.json"]
    words += ["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all"]
    words += ["--header", f"Authorization: Bearer {secret}", "--max-time", str(SECONDS), "--continue-on-failure"]
    words += ["--warnings", "off", "--no-color", "--output-sanitize", "true"]
    if LONG:
        return words + ["--generation-database", "none", "--max-examples", "300"]
    return words + ["--max-examples", "15", "--seed", "1", "--generation-deterministic"]


def credential(server, role, admin):
    """Creates the credential of a caller of this kind."""
    if role == "operator":
        return OPERATOR_TOKEN
    if role == "admin":
        return admin
    if role == "service account":
        nouns, verbs = ["apikey", "serviceaccount", "gateway"], ["read", "create", "update", "delete"]
        words = [f"{noun}:{verb}" for noun in nouns for verb in verbs] + ["apikey:verify"]
        account = server.call(admin, "POST", "/v1/service-accounts", {"name": "own", "permissions": words})["data"]["id"]
        body = {"name": "own", "scope": "read-write", "serviceAccountId": account}
        return server.call(admin, "POST", "/v1/api-keys", body)["data"]["key"]
    users = "/v1/organizations/users"
    server.call(admin, "POST", users, {"email": "bob@acme.example", "user_name": "Bob", "role": role})
    permission = {"member": "delete", "viewer": "read"}[role]
    made = server.call(admin, "POST", f"{users}/bob@acme.example/api-keys", {"name": "own", "permissions": [permission]})
    return made["key"]


if __name__ == "__main__":
    main()
