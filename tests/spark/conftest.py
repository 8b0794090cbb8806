"""One Spark session for all tests that need one; pytest keeps them in one process (``--dist loadgroup``)."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from belbaar.verdict.on_spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/spark" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java 17: make system installs it")
    settings = {"spark.sql.shuffle.partitions": "3", "spark.driver.memory": "1g"}
    with session(master="local[2]", settings=settings) as started:
        yield started
