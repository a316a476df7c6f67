"""The shipped nginx configuration before processes of the site on this machine: what its tests and benchmarks start.

Nothing of it is changed but ports, folders and, where told, the path the site stands under; a caller may change more.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CONF = Path(__file__).parents[1] / "deploy" / "nginx" / "tinhuyen.conf"
_SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def configuration(sites: list[int], front: int, work: Path, path: str = "/") -> str:
    """The shipped configuration with its addresses replaced: the site's processes, the port of nginx, its cache."""
    text = CONF.read_text("utf-8")
    text = text.replace("server 127.0.0.1:8001;", " ".join(f"server 127.0.0.1:{port};" for port in sites))
    text = text.replace("listen 80;", f"listen 127.0.0.1:{front};")
    return text.replace("/var/cache/nginx/tinhuyen", str(work / "cache")).replace("location / {", f"location {path} {{")


@contextmanager
def nginx_before(
    sites: list[int],
    front: int,
    work: Path,
    path: str = "/",
    *,
    workers: int = 1,
    changed: Callable[[str], str] = str,
) -> Iterator[None]:
    """An nginx at the port ``front``, listening, before processes of the site at ``sites``. Raises `RuntimeError` with nginx's own words."""
    as_root = "user root;\n" if os.getuid() == 0 else ""  # else its worker may not enter the folder of a test
    scratch = "".join(f"{kind}_temp_path {work}/{kind};\n" for kind in _SCRATCH)
    (work / "nginx.conf").write_text(
        f"{as_root}daemon off;\npid {work}/pid;\nerror_log {work}/error.log;\nworker_processes {workers};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{scratch}{changed(configuration(sites, front, work, path))}}}\n",
        "utf-8",
    )
    command = ["nginx", "-p", str(work), "-c", str(work / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as nginx:
        try:
            _await(front, nginx)
            yield
        finally:
            nginx.send_signal(signal.SIGQUIT)


def _await(port: int, nginx: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if nginx.poll() is not None:
            raise RuntimeError((nginx.stderr.read() if nginx.stderr else b"").decode("utf-8", "replace"))
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")
