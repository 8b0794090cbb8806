"""The process that seals for another: ``python -m belbaar.proof.log.sealing_process FOLDER``, the folder of keys.

Batches come in by standard input and their leaves go out by standard output, pickled; the end of the input ends it.
Started by ``belbaar.proof.log.sealer``, and by nobody else.
"""

__all__ = ["serve"]

import gc
import pickle
import signal
import sys
from io import BufferedReader, BufferedWriter
from pathlib import Path

from belbaar.errors import BelbaarError
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.sealer import Answer
from belbaar.proof.log.sealing import Row, Share, seal_batch


def serve(keyring: Keyring, asked: BufferedReader, answers: BufferedWriter) -> None:
    """Answer every batch, in order, until no more come."""
    while asked.peek(1):
        batch = pickle.load(asked)  # noqa: S301  from whoever started this
        pickle.dump(_answer(keyring, *batch), answers)
        answers.flush()


def _answer(keyring: Keyring, shared: list[Share], events: list[Row]) -> Answer:
    try:
        return tuple(zip(*seal_batch(keyring.retention, shared, events), strict=True))
    except BelbaarError as error:
        return error


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted closes the input
    gc.disable()  # leaves have no circles
    with open(0, "rb") as asked, open(1, "wb") as answers:
        serve(Keyring(Path(sys.argv[1])), asked, answers)
