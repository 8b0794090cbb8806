"""What several tests of proof need: a timestamp authority, made once."""

import pytest

from tests.proof.tsa import HAS_OPENSSL, Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    if not HAS_OPENSSL:
        pytest.skip("openssl is not on the path")
    return Authority(tmp_path_factory.mktemp("tsa"))
