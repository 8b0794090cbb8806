"""What several tests of proof need: a timestamp authority, made once; a new ledger of either kind, and its keys."""

import pytest

from belbaar.ledger import create_store
from belbaar.proof.keys.keyring import make_keyring
from tests.proof.stores import ORIGIN
from tests.proof.tsa import HAS_OPENSSL, Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    if not HAS_OPENSSL:
        pytest.skip("openssl is not on the path")
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """Where a new ledger is: in a file, or on a server."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    create_store(tmp_path / "belbaar.db").close()
    return str(tmp_path / "belbaar.db")


@pytest.fixture
def keys(tmp_path):
    """The folder of a new ledger's keys."""
    make_keyring(tmp_path / "keys", ORIGIN)
    return tmp_path / "keys"
