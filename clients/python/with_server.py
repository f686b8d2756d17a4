"""Runs a command with a server: KEYSTEAD_ADDRESS has its address, and KEYSTEAD_ADMIN_KEY an admin key."""

import os
import subprocess
import sys

from server import Server

with Server() as server:
    key = server.bootstrap("Acme", "ada@acme.example")["admin_key"]
    variables = {"KEYSTEAD_ADDRESS": server.address, "KEYSTEAD_ADMIN_KEY": key}
    ended = subprocess.run(sys.argv[1:], env=os.environ | variables).returncode
    if log := server.log():
        raise SystemExit(f"The server logged warnings or errors:\n{log}")
sys.exit(ended)
