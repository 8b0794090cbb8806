"""A timestamp authority for tests: a real one, run by openssl behind a small HTTP server, its CA in a folder.

No ``-chain``: OpenSSL 3.0 writes the certificates of a chain unsorted, which rfc3161-client rightly refuses.
"""

import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HAS_OPENSSL = shutil.which("openssl") is not None
_EKU = "extendedKeyUsage = critical,timeStamping\n"
_CONFIG = """
[ca]
default_ca = own
[own]
new_certs_dir = {folder}
database = {folder}/index.txt
serial = {folder}/ca.serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[tsa]
default_tsa = own_tsa
[own_tsa]
serial = {folder}/tsa.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A root, and signers under it: ``good``, ``expired`` (years ago) and ``no_eku``, which may not stamp."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name, text in (("index.txt", ""), ("ca.serial", "01\n"), ("tsa.serial", "01\n")):
            (folder / name).write_text(text)
        (folder / "config").write_text(_CONFIG.format(folder=folder))
        self._run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "root.key",
            "-out", "root.pem", "-subj", "/CN=Test root", "-days", "7300",
        )  # fmt: skip
        self._signer("good", _EKU, "20200101000000Z", "20451231000000Z")
        self._signer("expired", _EKU, "20200101000000Z", "20210101000000Z")
        self._signer("no_eku", "", "20200101000000Z", "20451231000000Z")
        self.root = (folder / "root.pem").read_text()

    def query(self, text: bytes) -> bytes:
        """Ask for a stamp over a text."""
        (self.folder / "text").write_bytes(text)
        self._run("ts", "-query", "-data", "text", "-sha256", "-cert", "-out", "q")
        return (self.folder / "q").read_bytes()

    def reply(self, query: bytes, signer: str = "good", *options: str) -> bytes:
        """Answer a query as an authority does; openssl itself refuses to stamp without the key usage."""
        if signer == "other":
            return self.reply(self.query(b"another text"))
        if signer == "no_eku":
            return self._reply_without_eku(query)
        (self.folder / "q").write_bytes(query)
        self._run(
            "ts", "-reply", "-config", "config", "-section", "own_tsa", "-queryfile", "q", "-out", "r",
            "-signer", f"{signer}.pem", "-inkey", f"{signer}.key", *options,
        )  # fmt: skip
        return (self.folder / "r").read_bytes()

    @contextmanager
    def serving(self, signer: str = "good"):
        """Answer over HTTP on a free port; gives the URL."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                answer = authority.reply(self.rfile.read(int(self.headers["Content-Length"])), signer)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}/"
            finally:
                server.shutdown()
                thread.join()

    def _signer(self, name, extensions, since, until):
        (self.folder / "ext").write_text(
            "basicConstraints = CA:FALSE\nkeyUsage = critical,digitalSignature\n" + extensions
        )
        self._run(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
            "-out", f"{name}.csr", "-subj", f"/CN=Test TSA {name}",
        )  # fmt: skip
        self._run(
            "ca", "-batch", "-notext", "-config", "config", "-cert", "root.pem", "-keyfile", "root.key",
            "-in", f"{name}.csr", "-out", f"{name}.pem", "-startdate", since, "-enddate", until, "-extfile", "ext",
        )  # fmt: skip

    def _reply_without_eku(self, query):
        """Take the content of a good token, and sign it anew with a certificate that may not."""
        self.reply(query, "good", "-token_out")
        self._run("cms", "-verify", "-noverify", "-inform", "DER", "-in", "r", "-out", "content", "-binary")
        self._run(
            "cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256", "-econtent_type", "1.2.840.113549.1.9.16.1.4",
            "-in", "content", "-outform", "DER", "-out", "token", "-signer", "no_eku.pem", "-inkey", "no_eku.key",
        )  # fmt: skip
        body = bytes.fromhex("3003020100") + (self.folder / "token").read_bytes()
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body

    def _run(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
