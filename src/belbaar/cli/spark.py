"""A list on Spark: where it runs, and which options have a meaning there."""

__all__ = ["Cluster"]

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from belbaar.errors import InputError
from belbaar.ledger import Store
from belbaar.verdict import Call
from belbaar.verdict.tally import as_mapping

if TYPE_CHECKING:
    from belbaar.verdict.screening import ListOptions
    from belbaar.verdict.tally import Screening


@dataclass(frozen=True, slots=True)
class Cluster:
    """What was said about Spark; "" where nothing was."""

    master: str
    remote: str
    snapshot: str
    e164: bool

    def refuse(self) -> None:
        """See to it that nothing was said about Spark, where it plays no part."""
        said = {"--master": self.master, "--remote": self.remote, "--snapshot": self.snapshot, "--e164": self.e164}
        for option, value in said.items():
            if value:
                raise InputError("this says something about Spark.", where=option, todo="Add --engine spark.")

    def screen(
        self, store: Store, source: str, call: Call, out: str, options: "ListOptions", compare_at: int | None
    ) -> "Screening":
        """Screen a list in a Spark session of its own."""
        from belbaar.verdict.on_spark import session  # noqa: PLC0415  loads pyspark
        from belbaar.verdict.spark_lists import SparkOptions, refuse_demand, screen_on_spark  # noqa: PLC0415

        for option in ("delimiter", "encoding", "sheet"):
            if getattr(options, option):
                raise InputError("Parquet has no such thing.", where=f"--{option}", todo="Leave it out with Spark.")
        if self.master and self.remote:
            raise InputError("a session has one of the two.", where="--master, --remote", todo="Leave one out.")
        of_list = SparkOptions(options.columns, options.region, options.law, self.e164, self.snapshot, options.evidence)
        refuse_demand(store, [call], of_list)  # before Spark starts
        with session(master=self.master, remote=self.remote) as spark:
            return screen_on_spark(
                store,
                spark,
                source,
                call,
                out=out or _beside(source),
                options=of_list,
                compare_at=compare_at,
                summary=lambda result: as_mapping(result, call),
            )


def _beside(source: str) -> str:
    """Name the output of a list.

    >>> _beside("lists/leads.parquet"), _beside("s3a://lists/leads/")
    ('lists/leads.belbaar.parquet', 's3a://lists/leads.belbaar')
    """
    if "://" in source:
        return f"{source.rstrip('/')}.belbaar"
    path = Path(source)
    return str(path.with_name(f"{path.stem}.belbaar{path.suffix}"))
