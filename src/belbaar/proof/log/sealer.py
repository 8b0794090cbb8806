"""Seal batches in their order: the first here, what follows in a process of its own.

Keys, canonical bytes, commitments and encryption are half of what it takes to record a logged event, and need nothing of
the ledger. So a second processor does them (``belbaar.proof.log.sealing_process``), while this one appends, folds and
writes the leaves. Few events are sealed before such a process would have begun.
"""

__all__ = ["Answer", "Sealer"]

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Self

from belbaar.errors import BelbaarError, StoreUnavailable
from belbaar.proof.entries.commit import Leaf
from belbaar.proof.keys.keyring import Keyring
from belbaar.proof.log.sealing import Batch, seal_batch

_WAITING = 3
"""Batches that may wait before more events are taken."""

Answer = tuple[tuple[object, ...], ...] | BelbaarError
"""What the process answers: leaves turned into their columns, which are fewer objects; or why it has none."""


class Sealer:
    """Seals batches. Guards a process and the thread that talks to it, from the second batch on.

    Args:
        keyring: whose keys seal.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._thread = ThreadPoolExecutor(1)
        self._process: subprocess.Popen[bytes] | None = None

    def sealed(self, batches: Iterable[Batch]) -> Iterator[list[Leaf]]:
        """Give the leaves of each batch, texts among them; others may be asked for before its leaves are given.

        Raises:
            InputError: when an event says what canonical bytes cannot.
            StoreUnavailable: without the keys; or when the process was ended.
        """
        waiting: deque[tuple[Batch, Future[Answer]]] = deque()
        for n, batch in enumerate(batches):
            if n == 0:
                yield batch.among_texts(seal_batch(self._keyring.retention, batch.shared, batch.events))
                continue
            waiting.append((batch, self._thread.submit(self._ask, batch)))
            while waiting and (len(waiting) > _WAITING or waiting[0][1].done()):
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if self._process and failed:
            self._process.kill()  # nobody waits for what it seals
        self._thread.shutdown(cancel_futures=True)
        if self._process:
            with (
                suppress(BrokenPipeError),
                self._process,
            ):  # the end of what it reads ends it, if it has not ended before
                self._process = None

    def _ask(self, batch: Batch) -> Answer:
        asked, answers = self._talking()
        pickle.dump((batch.shared, batch.events), asked)
        asked.flush()
        answer: Answer = pickle.load(answers)  # noqa: S301  from our own process
        return answer

    def _talking(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            command = [sys.executable, "-m", "belbaar.proof.log.sealing_process", str(self._keyring.folder)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  our own
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise EOFError
        return asked, answers


def _taken(batch: Batch, asked: Future[Answer]) -> list[Leaf]:
    try:
        answer = asked.result()
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        raise StoreUnavailable(
            "the process that seals events was ended.", todo="Do it again; nothing was written."
        ) from error
    if isinstance(answer, BelbaarError):
        raise answer
    return batch.among_texts(list(map(Leaf, *answer)))
