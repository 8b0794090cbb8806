"""Seal many events at once: what alike ones share is written once, and their keys are asked for together.

Invariant: a leaf is made when its key is durable (``belbaar.proof.keys.keystore``).
"""

__all__ = ["Batch", "Row", "Share", "batch_of", "seal_batch"]

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from belbaar.ledger.events import Placed
from belbaar.proof.entries.bodies import CLASS_OF, Shared, written
from belbaar.proof.entries.commit import ID_BYTES, Leaf, seal_written
from belbaar.proof.entries.jcs import check_integers
from belbaar.proof.keys.keystore import KeyStore

Share = tuple[Shared, int]
"""What events say alike, and the ledger's id of the caller."""
Row = tuple[int, int, int, int, int, int]
"""Of one event: the place of what it shares, number, ``at``, ``recorded_at``, row, place in the ledger."""


class Batch(NamedTuple):
    """Events to seal.

    Args:
        shared: what they say alike.
        firsts: of each of these, the place in the batch of the first that says so.
        events: what each says itself.
        texts: leaves in clear, each with the place in the batch of the event that it goes before; in order.
    """

    shared: list[Share]
    firsts: list[int]
    events: list[Row]
    texts: Sequence[tuple[int, Leaf]] = ()

    def among_texts(self, leaves: list[Leaf]) -> list[Leaf]:
        """Give the leaves of the events with the texts among them."""
        for place, leaf in reversed(self.texts):
            leaves.insert(place, leaf)
        return leaves


def batch_of(events: Iterable[Placed], callers: Mapping[str, int]) -> Batch:
    """Make a batch; ``callers`` has the ledger's ids."""
    batch = Batch([], [], [])
    known: dict[tuple[object, ...], tuple[int, object]] = {}
    for seq, event, sha256, row, by in events:
        key = (event.kind, event.caller, event.agent, id(event.fields), sha256, by)
        found = known.get(key)
        if found is None:
            found = known[key] = (
                len(batch.shared),
                event.fields,
            )  # what is known keeps the fields, so the id stays theirs
            shared = Shared(event.kind, event.caller, event.agent, dict(event.fields), sha256, by)
            batch.shared.append((shared, callers[event.caller]))
            batch.firsts.append(len(batch.events))
        batch.events.append((found[0], event.number, event.at, event.recorded_at, row, seq))
    return batch


def seal_batch(keys: KeyStore, shared: Sequence[Share], events: Sequence[Row]) -> list[Leaf]:
    """Seal events under the keys of their persons.

    Raises:
        InputError: when one says what canonical bytes cannot.
        StoreUnavailable: without the keys.
    """
    for column in zip(*events, strict=True):
        check_integers(column)
    of = [(caller, CLASS_OF[alike.kind], *written(alike)) for alike, caller in shared]
    wanted = keys.keys([(number, *of[n][:2]) for n, number, *_ in events])
    ids = secrets.token_bytes(ID_BYTES * len(events))
    leaves = []
    for at_id, key, (n, number, at, recorded_at, row, seq) in zip(
        range(0, len(ids), ID_BYTES), wanted, events, strict=True
    ):
        _, _, how, what, who = of[n]
        id_ = ids[at_id : at_id + ID_BYTES]
        leaves.append(seal_written(key, id_, how % row, what % (at, recorded_at), who % number, about=seq))
    return leaves
