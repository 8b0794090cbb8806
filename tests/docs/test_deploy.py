"""What is shipped for running the service is understood by those who read it, and works."""

import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest
import yaml

from tests.api.service import free_port, serving

ROOT = Path(__file__).parents[2]


def test_systemd_understands_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on the path")
    program = tmp_path / "belbaar"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "belbaar.service"
    unit.write_text((ROOT / "deploy" / "belbaar.service").read_text().replace("/opt/belbaar/bin/belbaar", str(program)))
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_compose_file_keeps_keys_and_ledger_apart_and_opens_nothing_to_others():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert all(port.startswith("127.0.0.1:") for each in services.values() for port in each["ports"])
    assert services["belbaar"]["volumes"] == ["keys:/keys"]
    assert services["belbaar"]["environment"]["BELBAAR_KEYS"] == "/keys"
    assert "password" not in services["belbaar"]["environment"]["BELBAAR_STORE"]


def test_behind_nginx_it_answers_over_tls(tmp_path):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not on the path")
    port = free_port()
    names = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=belbaar.example"]
    subprocess.run(
        ["openssl", "req", *names, "-addext", "subjectAltName=DNS:belbaar.example", "-keyout", "privkey.pem",
         "-out", "fullchain.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    with serving(tmp_path, "belbaar.db", at="") as service:
        site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for old, new in (
            ("127.0.0.1:8080", service.url.removeprefix("http://")),
            ("listen 443 ", f"listen 127.0.0.1:{port} "),
            ("/etc/belbaar/tls", str(tmp_path)),
        ):
            assert old in site
            site = site.replace(old, new)
        whole = f"daemon off;\npid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{site}\n}}\n"
        (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
        proxy = subprocess.Popen(["nginx", "-c", tmp_path / "nginx.conf", "-e", "stderr"], stderr=subprocess.DEVNULL)
        try:
            told = through(port, tmp_path / "fullchain.pem", {"X-Forwarded-For": "10.0.0.1"})
        finally:
            proxy.terminate()
            proxy.wait(20)
    assert told.status_code == 200
    assert len(told.headers["x-request-id"]) == 32


def through(port: int, certificate: Path, headers: dict[str, str]) -> httpx.Response:
    """Ask over TLS, as soon as somebody listens."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    transport = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(certificate)))
    with httpx.Client(transport=transport) as client:
        extra = {"sni_hostname": "belbaar.example"}
        headers = {**headers, "Host": "belbaar.example"}
        return client.get(f"https://127.0.0.1:{port}/readyz", headers=headers, extensions=extra)
