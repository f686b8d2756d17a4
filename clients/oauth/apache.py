"""Runs Apache with mod_oauth2 in front of a page, on loopback and without root."""

import socket
import subprocess
import time
import urllib.error
import urllib.request

READY_WITHIN_SECONDS = 15

CONFIGURATION = """
ServerRoot /usr/lib/apache2
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
DefaultRuntimeDir {folder}
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authn_core_module modules/mod_authn_core.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_user_module modules/mod_authz_user.so
LoadModule oauth2_module modules/mod_oauth2.so
DocumentRoot {folder}/pages
OAuth2Cache shm default
<Location "/">
    AuthType oauth2
    OAuth2TokenVerify introspect {introspect} introspect.auth=client_secret_basic&client_id=apache&client_secret={key}&expiry=1
    Require valid-user
</Location>
"""


class Apache:
    """Apache for a `with` statement."""

    def __init__(self, folder, introspect, key):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        (folder / "pages").mkdir()
        (folder / "pages" / "index.html").write_text("The page.\n")
        self._log = folder / "log"
        self._log.touch()
        values = {"port": self._port, "folder": folder, "introspect": introspect, "key": key}
        self._configuration = folder / "apache.conf"
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(CONFIGURATION.format(**values))

    def __enter__(self):
        words = ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", str(self._configuration)]
        self._process = subprocess.Popen(words)
        for _ in range(READY_WITHIN_SECONDS * 20):
            try:
                self.status(None)
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise SystemExit(f"Apache did not start:\n{self.log()}")

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(READY_WITHIN_SECONDS)

    def status(self, key):
        """The status of a request for the page with this key as bearer token."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/index.html", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def log(self):
        return self._log.read_text()
