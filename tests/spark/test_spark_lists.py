"""Lists on Spark: what is written, what is refused, and that nothing half done looks whole."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from belbaar.errors import InputError, StoreUnavailable
from belbaar.ledger.snapshot import current_snapshot
from belbaar.verdict import on_spark, spark_lists
from belbaar.verdict.on_spark import Spark, session
from belbaar.verdict.spark_lists import SUMMARY, SparkOptions, screen_on_spark
from belbaar.verdict.tally import as_mapping
from tests.lists.conftest import call, load, store  # noqa: F401  fixtures

CONSENTS = "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(f"020100000{n};2026-09-01;Ja;sms\n" for n in range(10))


@pytest.fixture
def screened(spark, store, load, tmp_path):  # noqa: F811
    """Screen rows; ten numbers have consent for energy."""
    load(CONSENTS, event="consent.given", caller="voltix", product="energy")

    def screened(rows, out="out", compare_at=None, **options):
        path = tmp_path / "leads.parquet"
        pq.write_table(pa.Table.from_pylist(rows), path)
        asked = call()
        result = screen_on_spark(
            store,
            spark,
            str(path),
            asked,
            out=str(tmp_path / out),
            options=SparkOptions(**options),
            compare_at=compare_at,
            summary=lambda result: as_mapping(result, asked),
        )
        return result, pq.read_table(tmp_path / out).to_pylist()

    return screened


LEADS = [{"Telefoon": "0201000001"}, {"Telefoon": "onbekend"}, {"Telefoon": "0301000001"}]


def test_the_output_is_a_folder_with_a_summary_that_readers_of_parquet_skip(screened, tmp_path):
    result, rows = screened(LEADS)
    assert len(rows) == 3
    told = json.loads((tmp_path / "out" / SUMMARY).read_text(encoding="utf-8"))
    assert (told["rows"], told["allowed"], told["denied"], told["position"]) == (3, 1, 1, 10)
    assert told["unreadable"] == {"not-a-number": 1}
    assert told["ruleset_hash"] == result.ruleset_hash
    assert (tmp_path / "out" / "_SUCCESS").exists()


@pytest.mark.slow
def test_an_earlier_output_is_replaced_and_another_folder_is_not(screened, tmp_path):
    screened(LEADS)
    _, rows = screened(LEADS[:1])
    assert len(rows) == 1
    assert not (tmp_path / "out.old").exists()
    (tmp_path / "photos").mkdir()
    with pytest.raises(InputError, match="no screening on Spark wrote it"):
        screened(LEADS, out="photos")
    with pytest.raises(InputError, match="would overwrite the list"):
        screened(LEADS, out="leads.parquet")


def test_a_job_that_dies_leaves_nothing_that_looks_whole(screened, tmp_path, monkeypatch):
    class DiedError(Exception):
        pass

    def dies(*_):
        raise DiedError

    screened(LEADS[:1])
    monkeypatch.setattr(spark_lists, "count_groups", dies)
    for out in ("out", "other"):
        with pytest.raises(DiedError):
            screened(LEADS, out=out)
    assert not (tmp_path / "other").exists()
    assert pq.read_table(tmp_path / "out").num_rows == 1
    monkeypatch.undo()
    _, rows = screened(LEADS, out="other")
    assert len(rows) == 3
    assert not (tmp_path / "other.part").exists()


def test_what_happened_since_the_snapshot_counts(screened, store, load):  # noqa: F811
    before, _ = screened(LEADS)
    path, _ = current_snapshot(store)
    written = path.stat().st_mtime_ns
    load("0201000001\n", name="verzet.txt", event="objection.made", caller="voltix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("belbaar.ledger.snapshot._MANY", 1)
        after, rows = screened(LEADS)
    assert path.stat().st_mtime_ns == written
    assert (before.allowed, after.allowed, after.position) == (1, 0, before.position + 1)
    assert {row["belbaar_reasons"] for row in rows if row["Telefoon"] == "0201000001"} == {"nl.objection"}


@pytest.mark.slow
def test_no_erased_persons_objection_is_overlooked_where_no_ground_is_asked(screened, store):  # noqa: F811
    in_2020 = 1_591_610_400_000_000
    assert screened(LEADS, compare_at=in_2020)[0].compare.allowed_then
    store.connection.execute("INSERT INTO suppression (tag, caller, since) VALUES (zeroblob(16), 0, 1)")
    assert screened(LEADS)[0].allowed == 1
    with pytest.raises(InputError, match="no ground is asked"):
        screened(LEADS, compare_at=in_2020)


def test_a_snapshot_can_lie_elsewhere(screened, store, tmp_path):  # noqa: F811
    path, _ = current_snapshot(store)
    elsewhere = tmp_path / "shared snapshot"
    path.parent.rename(elsewhere)
    assert screened(LEADS, snapshot=str(elsewhere))[0].allowed == 1
    assert not path.parent.exists()
    with pytest.raises(InputError):
        screened(LEADS, snapshot=str(tmp_path / "nowhere"))


@pytest.mark.slow
def test_numbers_that_are_e164_in_integers_are_taken_as_they_are(screened):
    rows = [{"Telefoon": number} for number in (31201000001, 31301000001, 33199000001, None, -1, 10**15)]
    result, written = screened(rows, e164=True)
    assert {row["belbaar_number"]: (row["belbaar_allowed"], row["belbaar_error"]) for row in written[:3]} == {
        "+31201000001": (True, ""),
        "+31301000001": (False, ""),
        "+33199000001": (False, "law-unknown"),
    }
    assert result.unreadable == {"law-unknown": 1, "empty": 1, "not-a-number": 2}
    with pytest.raises(InputError, match="from integers only"):
        screened(LEADS, e164=True)


@pytest.mark.slow
def test_every_row_comes_back_once_for_each_column_that_is_chosen(screened):
    rows = [{"Telefoon": "0201000001", "Mobiel": "0301000001", "belbaar_ground": "of an earlier screening"}]
    with pytest.raises(InputError, match="2 columns hold telephone numbers"):
        screened(rows)
    _, written = screened(rows, columns=("Telefoon", "Mobiel"))
    assert sorted((row["belbaar_column"], row["belbaar_allowed"], row["belbaar_ground"]) for row in written) == [
        ("Mobiel", False, ""),
        ("Telefoon", True, "nl.consent"),
    ]
    assert screened([{"Telefoon": " ", "Mobiel": "0201000001"}])[1][0]["belbaar_allowed"] is True


def test_a_list_that_spark_cannot_read_is_refused_and_nothing_is_written(spark, store, tmp_path):  # noqa: F811
    (tmp_path / "leads.csv").write_text("Telefoon\n0201000001\n", encoding="utf-8")
    (tmp_path / "leads.parquet").write_text("no Parquet", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("leads.csv", "leads.parquet", "empty", "nowhere"):
        with pytest.raises((InputError, StoreUnavailable)) as refused:
            screen_on_spark(store, spark, str(tmp_path / name), call(), out=str(tmp_path / "out"), summary=lambda _: {})
        assert refused.value.where == str(tmp_path / name)
        assert "\n" not in refused.value.what
    assert not (tmp_path / "out").exists()


def test_rows_without_a_number_are_spread_over_tasks(spark, tmp_path):
    Spark(spark)  # its settings
    numbers = [None if n % 2 else 31201000000 + n for n in range(10_000)]
    pq.write_table(pa.table({"number": pa.array(numbers, pa.int64())}), tmp_path / "list.parquet")
    pq.write_table(pa.table({"number": range(31201000000, 31201010000), "id": range(10_000)}), tmp_path / "v.parquet")
    spark.read.parquet(f"file://{tmp_path}/list.parquet").createOrReplaceTempView("list")
    spark.read.parquet(f"file://{tmp_path}/v.parquet").createOrReplaceTempView("v")
    spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
    joined = spark.sql(
        "SELECT /*+ SHUFFLE_HASH(v) */ list.*, id, spark_partition_id() AS part FROM list LEFT JOIN v USING (number)"
    )
    by_task = dict(
        joined.groupBy("part").agg({"*": "count", "number": "count"}).select("part", "count(number)").collect()
    )
    nobody = [row[1] - by_task[row[0]] for row in joined.groupBy("part").count().collect()]
    spark.conf.unset("spark.sql.adaptive.coalescePartitions.enabled")
    assert sum(nobody) == 5000
    assert len(nobody) == 3
    assert min(nobody) > 1000


@pytest.mark.parametrize(("missing", "code"), [("pyspark", "no-spark"), ("java", "no-java")])
def test_who_lacks_spark_or_java_is_told_how_to_get_it(monkeypatch, missing, code):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if missing == "pyspark":
        monkeypatch.setattr(on_spark, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError) as refused, session(master="local[1]"):
        pass
    assert refused.value.code == code
    assert "17" in refused.value.todo
