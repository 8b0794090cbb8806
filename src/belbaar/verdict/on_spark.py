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
import sys
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
    "spark.sql.caseSensitive": "true",  # a list may have both "Naam" and "naam"
}
"""What every session has, whoever started it: the same question must have the same answer."""

_RUNS_WELL = {
    # Rows without a number never join: without this they would all go to one task.
    "spark.sql.shuffle.spreadNullJoinKeys.enabled": "true",
    # Standing and list are both large and evenly spread by number: hashing one side beats sorting both.
    "spark.sql.join.preferSortMergeJoin": "false",
    # Cells that go to Python at once; the reader works on whole columns.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
"""What a screening needs to run well anywhere."""

_HERE = {
    "spark.driver.memory": "2g",
    # All rules are one long method, and Java would interpret what is that long for ever.
    "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
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
        """Make a temporary view; the fold, which several queries read, is computed once and kept.

        A table that replaces what it is made from is computed at once, and forgets how: looking ahead does so for every
        stretch of law to come, and plans would grow by all earlier ones.
        """
        frame = self.session.sql(query)
        if self._small:
            self.put(name, frame.toArrow())
            return
        if f" {name} " in query:
            frame = frame.localCheckpoint()
        elif name in _READ_AGAIN:
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
    """Start a Spark session and stop it afterwards; one that this process has already is used, and stays.

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
    from pyspark.sql import SparkSession  # noqa: PLC0415  heavy, and an extra

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    with told(remote or master or "spark"), _without_its_warnings():
        started = _start(SparkSession.builder, remote, master or ("" if submitted else "local[*]"), settings or {})
    try:
        yield started
    finally:
        started.stop()


def _start(builder: "SparkSession.Builder", remote: str, master: str, settings: Mapping[str, str]) -> "SparkSession":
    if remote:
        builder = builder.remote(remote)
    elif master.startswith("local"):
        # Spark's default of 200 is for clusters: here each of those tasks would cost more than its rows.
        settings = {**_HERE, "spark.sql.shuffle.partitions": str(4 * _cores(master)), **settings}
        _start_java(settings)
        builder = builder.master(master)
    elif master:
        builder = builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.appName("belbaar").getOrCreate()


def _cores(master: str) -> int:
    """Tell how many cores a local master takes.

    >>> _cores("local[2]"), _cores("local[3,1]"), _cores("local")
    (2, 3, 1)
    """
    inside = master.removeprefix("local").strip("[]").partition(",")[0] or "1"
    return int(inside) if inside.isdigit() else os.cpu_count() or 1


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

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers must find belbaar where we do
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
    """Tell what goes wrong in Spark as an error of belbaar: the line that says it, without Java's trace."""
    from py4j.protocol import Py4JError  # noqa: PLC0415  comes with pyspark
    from pyspark.errors import AnalysisException, PySparkException  # noqa: PLC0415

    try:
        yield
    except BelbaarError:
        raise
    except AnalysisException as error:
        raise InputError(_said(error), where=where, code="spark") from error
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise StoreUnavailable(
            f"Spark could not do it: {_said(error)}",
            where=where,
            todo="Look into Spark's own log; BELBAAR_DEBUG=1 shows the whole trace.",
        ) from error


def _said(error: Exception) -> str:
    """Give the line that says it: the first, unless that one announces the trace of a worker, whose last line does."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    if lines[0].rstrip().endswith(":"):
        return next(line.strip() for line in reversed(lines) if not line.startswith((" ", "\t")))
    return lines[0].strip()
