"""A PostgreSQL of one's own: made in a temporary folder, started, and gone when the block ends.

    with server() as postgres:
        url = postgres.store()

PostgreSQL refuses to run as root; then it runs as the user that Debian's package made, or as nobody. It listens on a
socket in its folder, and on a free port of this machine for those who have a password. Should the process that started
it be killed, it stops by itself.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from belbaar.ledger import create_store

OLDEST = 15
OWNER = "belbaar"
PASSWORD = "zeer-geheim"
_SECONDS = 60
_LOOSE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What a server may leave undone whose data nobody will miss."""
_ACCESS = f"""\
local all {OWNER} trust
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


class Server:
    """A server that may be stopped and started again. ``durable``: it writes to disk as those in production do."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = () if durable else _LOOSE
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"test_{place}" for place in count())
        self._template = ""
        self._user = _user()
        if self._user:
            shutil.chown(folder, self._user)
        self._make()

    def url(self, database: str, *, user: str = OWNER, password: str = "", tcp: bool = False, **more: str) -> str:
        """Name a database as people do."""
        who = f"{user}:{password}@" if password else f"{user}@"
        place = f"127.0.0.1:{self.port}" if tcp else f"{quote(str(self.folder), safe='')}:{self.port}"
        options = "&".join(f"{name}={quote(value)}" for name, value in more.items())
        return f"postgresql://{who}{place}/{database}" + (f"?{options}" if options else "")

    def database(self, *, template: str = "template0") -> str:
        """Make a database, and give its name."""
        name = next(self._names)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still in it."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def store(self) -> str:
        """Make a database with an empty ledger in it, and give its URL: a copy of one that was made the long way."""
        if not self._template:
            name = self.database()
            create_store(self.url(name)).close()
            self._template = name
        return self.url(self.database(template=self._template))

    def execute(self, statement: sql.Composable | str, database: str = "postgres") -> None:
        """Run a statement as the owner of all."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement)  # type: ignore[arg-type]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = (self.folder / "log").open("ab")
        settings = (*self._settings, "listen_addresses=127.0.0.1", "max_connections=60", "shared_buffers=64MB")
        command = [_program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)]
        command += [word for setting in settings for word in ("-c", setting)]
        if setpriv := shutil.which("setpriv"):
            command = [setpriv, "--pdeathsig", "INT", *command]
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user())  # type: ignore[call-overload]
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server; SIGINT ends what is going on, SIGQUIT is as if it were killed."""
        if self._process:
            self._process.send_signal(how)
            try:
                self._process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _make(self) -> None:
        data = self.folder / "data"
        command = [_program("initdb"), "-D", str(data), "-U", OWNER, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run([*command, "--no-instructions", "--auth=trust"])
        (data / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")

    def _wait(self) -> None:
        """Ask until it answers: it tells nobody that it is ready."""
        assert self._process
        for _ in range(_SECONDS * 20):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres")).close()
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
                break
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text(errors='replace')[-2000:]}")

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_user())  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _as_user(self) -> dict[str, object]:
        return {"user": self._user, "extra_groups": [], "cwd": self.folder} if self._user else {"cwd": self.folder}


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """Make and start a server; stop it and take its folder away, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="bb-pg-", ignore_cleanup_errors=True) as folder:
        made = Server(Path(folder), durable=durable)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _program(name: str) -> str:
    """Find a program of PostgreSQL: Debian keeps those of servers out of the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(debian[-1]) if debian and int(debian[-1].parts[4]) >= OLDEST else shutil.which(name)
    if not found:
        raise RuntimeError(
            f"PostgreSQL {OLDEST} or later is not installed ({name} is missing). Install it: make system"
        )
    return found


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415  there is none on Windows

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
