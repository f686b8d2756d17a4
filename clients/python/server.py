"""Starts and stops the real binary on loopback, with a data folder of its own. Needs no packages."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

READY_WITHIN_SECONDS = 15
STOPPED_WITHIN_SECONDS = 15
OPERATOR_TOKEN = "an-operator-token-for-tests-and-nothing-else"


class Server:
    """A server for a `with` statement, which stops it even after an exception."""

    def __init__(self, *options):
        self._options = options

    def __enter__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="keystead-"))
        token = self._folder / "operator-token"
        token.touch(mode=0o600)
        token.write_text(OPERATOR_TOKEN)
        token.chmod(0o600)
        self._log = open(self._folder / "log", "w+")
        words = [binary(), "serve", *self._data(), "--listen", "127.0.0.1:0", "--log", "warn"]
        words += ["--operator-token-file", str(token), *self._options]
        self._process = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=self._log, text=True)
        try:
            self.address = self._wait_for_address()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOPPED_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process.stdout.close()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def bootstrap(self, organization, email):
        """Creates an organization while the server runs. Returns what the command prints, including `admin_key`."""
        words = [binary(), "bootstrap", "--organization", organization, "--email", email, *self._data()]
        return json.loads(subprocess.run(words, env=environment(), check=True, capture_output=True, text=True).stdout)

    def call(self, key, method, path, body):
        """Sends one request that must succeed, and returns the response."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def log(self):
        """The log of the server. The log level allows only warnings and errors."""
        self._log.seek(0)
        return self._log.read()

    def _data(self):
        return ["--data-dir", str(self._folder / "data")]

    def _wait_for_address(self):
        timer = threading.Timer(READY_WITHIN_SECONDS, self._process.kill)
        timer.start()
        try:
            for line in self._process.stdout:
                if found := re.search(r"https?://[^/\s]+", line):
                    return found.group()
        finally:
            timer.cancel()
        raise SystemExit(f"The server did not print its address.\n{self.log()}")


def binary():
    default = Path(__file__).parents[2] / "target/release/keystead"
    file = Path(os.environ.get("KEYSTEAD_BIN", default))
    if not file.exists():
        raise SystemExit(f"There is no binary at {file}. Build it with `make build`, or name another in KEYSTEAD_BIN.")
    return str(file.resolve())


def environment():
    """The environment without `KEYSTEAD_` settings, so that those of the developer do not affect the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KEYSTEAD_")}
