"""Where the tables of a list are: Spark, on this machine or on a cluster.

The same program as for DuckDB, rendered in Spark's SQL. What Spark's own defaults leave open is fixed here, so that no
answer depends on who configured the cluster: ANSI mode, in which an overflow or a bad cast stops the job and does not
become NULL, and UTC, in which no instant moves (they are integers anyway).

pyspark is imported by this module's functions only: whoever has no use for Spark need not have it.
"""

__all__ = ["Spark", "session", "told"]

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from belbaar.errors import BelbaarError, InputError, StoreUnavailable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ANSWERS_ALIKE = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
"""What every session has, whoever started it: the same question must have the same answer."""

_RUNS_WELL = {
    # Rows without a number never join: without this they would all go to one task.
    "spark.sql.shuffle.spreadNullJoinKeys.enabled": "true",
    # Standing and list are both large and evenly spread by number: hashing one side beats sorting both.
    "spark.sql.join.preferSortMergeJoin": "false",
}
"""What a screening needs to run well anywhere."""

_HERE = {
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
"""For a session in this process: nobody looks at its pages, and nobody else needs to reach it."""


class Spark:
    """A Spark session with tables as temporary views; what several queries read is kept until ``close``.

    ``small`` brings every table that is made to the driver at once: for many queries over a few thousand rows, where
    what Spark does again and again costs more than the rows.
    """

    dialect = "spark"

    def __init__(self, session: "SparkSession", *, small: bool = False) -> None:
        for name, value in (_ANSWERS_ALIKE | _RUNS_WELL).items():
            session.conf.set(name, value)
        self.session = session
        self._small = small
        self._kept: list[DataFrame] = []

    def make(self, name: str, query: str) -> None:
        """Make a temporary view; the fold, which several queries read, is computed once and kept."""
        frame = self.session.sql(query)
        if self._small:
            self.put(name, frame.toArrow())
            return
        if name in _READ_AGAIN:
            frame = frame.persist()
            self._kept.append(frame)
        frame.createOrReplaceTempView(name)

    def put(self, name: str, table: pa.Table) -> None:
        """Send a small Arrow table to Spark."""
        self.session.createDataFrame(table).createOrReplaceTempView(name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        return [tuple(row) for row in self.session.sql(query).collect()]

    def close(self) -> None:
        """Let go of what was kept; the session stays."""
        while self._kept:
            self._kept.pop().unpersist()


_READ_AGAIN = frozenset({"outcome"})


@contextmanager
def session(
    *, master: str = "", remote: str = "", settings: Mapping[str, str] | None = None
) -> Iterator["SparkSession"]:
    """Start a Spark session and stop it afterwards.

    Args:
        master: a cluster manager's URL; "" is this machine with all its cores, or what ``spark-submit`` says.
        remote: a Spark Connect URL, ``sc://…``, in the place of a master.
        settings: further Spark settings.

    Raises:
        InputError: pyspark or Java is missing; says how to install them.
        StoreUnavailable: the cluster cannot be reached.
    """
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # spark-submit started Java and chose the master
    _check_installed(needs_java=not (remote or submitted))
    with told(remote or master or "spark"), _without_its_warnings():
        from pyspark.sql import SparkSession  # noqa: PLC0415  heavy, and an extra

        builder = SparkSession.builder.appName("belbaar")
        if remote:
            builder = builder.remote(remote)
        elif master or not submitted:
            builder = builder.master(master or "local[*]")
        local = not remote and not submitted and (master or "local").startswith("local")
        for name, value in ((_HERE if local else {}) | dict(settings or {})).items():
            builder = builder.config(name, value)
        if local:
            _start_java(_HERE | dict(settings or {}))
        started = builder.getOrCreate()
    try:
        yield started
    finally:
        started.stop()


def _check_installed(*, needs_java: bool) -> None:
    if find_spec("pyspark") is None:
        raise InputError(
            "Spark is not installed here.",
            where="--engine spark",
            todo="Install it with: pip install 'belbaar[spark]'. It also needs Java 17.",
            code="no-spark",
        )
    home = os.environ.get("JAVA_HOME")
    if needs_java and not ((home and (Path(home) / "bin" / "java").exists()) or shutil.which("java")):
        raise InputError(
            "Spark needs Java, and there is none here.",
            where="--engine spark",
            todo="Install Java 17 (Debian: apt install openjdk-17-jre-headless), or let JAVA_HOME say where it is.",
            code="no-java",
        )


def _start_java(settings: Mapping[str, str]) -> None:
    """Start Java, once a process, with its chatter kept from whoever runs belbaar; errors come back as exceptions."""
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    if SparkContext._gateway is None:  # noqa: SLF001  the one place that knows whether Java runs
        conf = SparkConf().setAll(list(settings.items()))
        SparkContext._gateway = launch_gateway(conf, {"stderr": subprocess.DEVNULL})  # type: ignore[no-untyped-call]  # noqa: SLF001
        SparkContext._jvm = SparkContext._gateway.jvm  # noqa: SLF001


@contextmanager
def _without_its_warnings() -> Iterator[None]:
    """Spark warns of a pandas that it does not know; nothing here hands it pandas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def told(where: str) -> Iterator[None]:
    """Tell what goes wrong in Spark as an error of belbaar: its first line says it, the rest is Java."""
    from py4j.protocol import Py4JError  # noqa: PLC0415  comes with pyspark
    from pyspark.errors import AnalysisException, PySparkException  # noqa: PLC0415

    try:
        yield
    except BelbaarError:
        raise
    except AnalysisException as error:
        raise InputError(_first_line(error), where=where, code="spark") from error
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise StoreUnavailable(
            f"Spark could not do it: {_first_line(error)}",
            where=where,
            todo="Look into Spark's own log; BELBAAR_DEBUG=1 shows the whole trace.",
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip()
