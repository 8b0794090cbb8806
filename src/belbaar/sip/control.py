"""Commands for a Kamailio that runs, over its control socket."""

__all__ = ["command"]

import os
import shutil
import subprocess

from belbaar.errors import StoreUnavailable

_SECONDS = 10


def command(run: str, *words: str) -> str:
    """Have Kamailio do something, and give what it says.

    Args:
        run: the folder of its control socket.
        words: the command and its arguments.

    Raises:
        StoreUnavailable: when it does not run, or refuses.
    """
    program = shutil.which("kamcmd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise StoreUnavailable(
            "kamcmd is not on this machine.", todo="It comes with Kamailio: apt-get install kamailio"
        )
    try:
        came = subprocess.run(  # noqa: S603  the program's own name, words of ours
            [program, "-s", f"unix:{run}/ctl", *words], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise StoreUnavailable("Kamailio does not answer.", where=f"{run}/ctl") from error
    said = (came.stdout + came.stderr).strip()
    if came.returncode or said.startswith("error"):
        raise StoreUnavailable(
            f"Kamailio does not do it: {said[:200]}", where=f"{run}/ctl", todo="Is it running, with this configuration?"
        )
    return said
