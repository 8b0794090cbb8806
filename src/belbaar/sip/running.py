"""Programs that the demonstration runs on loopback, and ends again."""

__all__ = ["HOST", "SECONDS", "awaited", "finished", "free_port", "program", "proxying", "running"]

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from belbaar.errors import InputError, StoreUnavailable

HOST, SECONDS = "127.0.0.1", 15
_PAUSE = 0.05


@contextmanager
def running(
    words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program until the block ends; what it says goes to a file of its name."""
    with (folder / f"{Path(words[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  programs of the demonstration, words of ours
            words, stdout=log, stderr=log, cwd=folder, env=environment, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def awaited(there: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until something is there that a program makes.

    Raises:
        StoreUnavailable: when it ends before, or takes too long.
    """
    for _ in range(int(SECONDS / _PAUSE)):
        if there():
            return
        if process.poll() is not None:
            break
        threading.Event().wait(_PAUSE)
    raise StoreUnavailable("a program of the demonstration did not start.", where=str(log))


@contextmanager
def proxying(config: str, folder: Path, name: str) -> Iterator[None]:
    """Run Kamailio until the block ends; it answers when the block begins.

    Args:
        config: its configuration, which may hold a key.
        folder: for what it writes; its ``run`` folder.
        name: of the configuration's file.

    Raises:
        InputError: when it is not on this machine.
        StoreUnavailable: when it does not start.
    """
    path, control = folder / name, folder / "ctl"
    path.write_text(config, encoding="utf-8")
    path.chmod(0o600)
    control.unlink(missing_ok=True)
    words = [program("kamailio"), "-f", str(path), "-DD", "-E", "-P", str(folder / "pid"), "-Y", str(folder)]
    with running([*words, "-m", "64", "-M", "8"], folder) as process:
        awaited(control.exists, process, folder / "kamailio.log")
        yield


def finished(words: Sequence[str], folder: Path) -> None:
    """Run a program to its end.

    Raises:
        StoreUnavailable: when that is not a good one.
    """
    run = subprocess.run(  # noqa: S603  as above
        words, cwd=folder, capture_output=True, text=True, check=False, timeout=3 * SECONDS
    )
    if run.returncode:
        raise StoreUnavailable(
            "the call did not go as it should.", where=str(folder), details=run.stderr.splitlines()[:5]
        )


def program(name: str) -> str:
    """Find a program.

    Raises:
        InputError: when it is not on this machine.
    """
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise InputError(f"{name} is not on this machine.", todo="Install it: make system")
    return path


def free_port() -> int:
    """Find a port that nobody listens on, for TCP and UDP."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind((HOST, 0))
            port = int(stream.getsockname()[1])
            try:
                datagrams.bind((HOST, port))
            except OSError:
                continue
            return port
