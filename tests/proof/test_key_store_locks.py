"""The key store, open more than once in one process while others come and go: as the service has it."""

import subprocess
import sys

from belbaar.proof.keys.keystore import KeyStore

OTHER = """
import sys
from belbaar.proof.keys.keystore import KeyStore
with KeyStore(sys.argv[1], kek=bytes(32)) as store:
    store.key(31201000008, 1, "proof")
"""


def test_a_second_opening_does_not_take_the_locks_of_the_first(tmp_path):
    path = tmp_path / "keys.db"
    with KeyStore(path, kek=bytes(32)) as first:
        kept = first.key(31201000007, 1, "proof")
        KeyStore(path, kek=bytes(32)).close()
        subprocess.run([sys.executable, "-c", OTHER, str(path)], check=True)
        # without its locks the other process would have cleared away the log that this one reads
        assert path.with_name("keys.db-wal").exists()
        assert first.key(31201000007, 1, "proof") == kept
        assert first.find(31201000008, 1, "proof")
