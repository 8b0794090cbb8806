"""One Spark session for all tests that need one; one worker runs them all (``tests.spreading``)."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from belbaar.verdict.on_spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java 17: make system installs it")
    settings = {"spark.sql.shuffle.partitions": "3", "spark.driver.memory": "1g"}
    with session(master="local[2]", settings=settings) as started:
        yield started
