"""The service under load: single verdicts with a permit, batches, against a bare "hello" and a direct store call.

    python -m benchmarks.serving [--rows 10000000] [--seconds 10] [--soak 3600]

PostgreSQL, durable, with so many standing rows of which every consent has its event and leaf for the numbers that are
asked; `belbaar serve` on loopback; ``wrk`` asks, by the true clock. A soak asks at half of what
was reached, and afterwards counts what was accepted against the ledger.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pyarrow.parquet as pq

from belbaar.ledger import open_store
from belbaar.ledger.standing import Row
from belbaar.verdict import Call, Group, judge_alike, weigh_alike
from benchmarks.made import AT, FIRST
from benchmarks.made_columns import make_standing
from tests.api.service import Service, serving
from tests.postgres import Server, server

_ASKED = 5_000
"""People whose consent is an event, and who are asked about."""
_BATCH = 10_000
_OWN = 31201000000
_QUESTION = {"caller": "voltix", "product": "energy", "kind": "service"}
"""Allowed at any hour, with a consent among its grounds."""
_LUA = """
local n, body = 0, {bodies}
request = function()
  n = n + 1
  return wrk.format("{method}", "{path}", {{["Content-Type"] = "application/json", ["Authorization"] = "Bearer {key}"}},
    body[n % #body + 1])
end
function delay()
  return {pause} > 0 and math.random(0, {pause}) or 0
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %f %f\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect,
    latency:percentile(50), latency:percentile(99)))
end
"""


def numbers() -> list[str]:
    """Give the numbers that are asked about."""
    return [f"+{_OWN + place}" for place in range(_ASKED)]


def fill(postgres: Server, store: str, rows: int, folder: Path) -> int:
    """Put made standing rows beside those that were recorded; gives how many rows there are."""
    path = folder / "standing.parquet"
    make_standing(path, rows)
    columns = ", ".join(Row._fields)
    with psycopg.connect(store) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY standing ({columns}) FROM STDIN") as copy:
            for batch in pq.ParquetFile(path).iter_batches(100_000):
                for row in zip(*(batch.column(name).to_pylist() for name in Row._fields), strict=True):
                    copy.write_row(row)
        connection.commit()
        (count,) = connection.execute("SELECT count(*) FROM standing").fetchone() or (0,)
    for settled in ("VACUUM ANALYZE", "CHECKPOINT"):  # or it would be written while answers are waited for
        postgres.execute(settled, store.rpartition("/")[2])
    return int(count)


def furnish(service: Service) -> None:
    """Register a caller, and record the consents of those who are asked about."""
    service.command("caller", "add", "voltix", "--name", "Voltix", "--sector", "commercial", "--number", "+31201990001")
    consent = {"event": "consent.given", "caller": "voltix", "product": "energy", "at": "2026-09-01T10:00:00+02:00"}
    consent |= {"wording": "Ja, Voltix mag mij bellen over energie.", "verified": "sms"}
    for start in range(0, _ASKED, 1_000):
        some = numbers()[start : start + 1_000]
        answer = service.post("/v1/events", [{**consent, "number": number} for number in some])
        assert answer.json()["new"] == len(some), answer.text  # noqa: S101


def wrk(
    service: Service, path: str, bodies: list[str], *, connections: int, seconds: int, rate: float = 0
) -> dict[str, float]:
    """Have wrk ask as fast as it gets answers; gives requests a second, errors, and milliseconds.

    ``rate``: about so many a second, at random moments, in the place of as fast as may be.
    """
    pause = round(2000 * connections / rate) if rate else 0
    written = "{" + ", ".join(f"[==[{body}]==]" for body in bodies) + "}"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        method = "POST" if path.startswith("/v1") else "GET"
        script.write(_LUA.format(bodies=written, path=path, key=service.key, method=method, pause=pause))
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            script.name,
            service.url,
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  a program by its name
    found = re.search(r"RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)", told)
    assert found, told  # noqa: S101
    requests, microseconds, errors, middle, worst = map(float, found.groups())
    rate = requests / microseconds * 1e6
    return {"rate": rate, "errors": errors, "p50": middle / 1e3, "p99": worst / 1e3, "requests": requests}


def direct(store: str) -> float:
    """Give how many verdicts a second one connection reaches, asked together, without the service."""
    asked = Group(Call(0, "voltix", AT, "energy"), [_OWN + place for place in range(_ASKED)])
    with open_store(store) as opened, opened.reading(), opened.still():
        start = time.perf_counter()
        weigh_alike(opened, [(alike, 0) for alike in judge_alike(opened, [asked])])
        return _ASKED / (time.perf_counter() - start)


def soak(service: Service, store: str, seconds: int, *, rate: float) -> dict[str, float]:
    """Ask for long; compare memory at the beginning and at the end, and what was given with what is in the ledger."""
    bodies = [json.dumps({"number": number, **_QUESTION}) for number in numbers()]
    wrk(service, "/v1/verdicts", bodies, connections=64, seconds=3)
    with psycopg.connect(store) as connection:
        (before,) = connection.execute("SELECT count(*) FROM leaf").fetchone() or (0,)
        memory = _memory(service)
        came = wrk(service, "/v1/verdicts", bodies, connections=64, seconds=seconds, rate=rate)
        time.sleep(1)
        connection.rollback()
        (after,) = connection.execute("SELECT count(*) FROM leaf").fetchone() or (0,)
    return {**came, "entries": after - before, "megabytes before": memory, "megabytes after": _memory(service)}


def _memory(service: Service) -> float:
    """Give the resident megabytes of the processes that answer."""
    tasks = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    pids = [pid for task in tasks for pid in task.read_text(encoding="ascii").split()]
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in pids]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Measure, and print a line of the table for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--soak", type=int, default=20)
    parser.add_argument("--workers", default="1")
    given = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not on the path: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name, server(durable=True) as postgres:
        folder, store = Path(name), postgres.url(postgres.database())
        with serving(folder, store, "--workers", given.workers, log="none", at="") as service:
            furnish(service)
            print(f"standing rows: {fill(postgres, store, given.rows, folder):,}; load {os.getloadavg()[0]:.1f}")
            one = [json.dumps({"number": each, **_QUESTION}) for each in numbers()]
            unknown = [FIRST + 2 * given.rows + place for place in range(_BATCH)]
            calls = [{"number": f"+{each}", **_QUESTION, "permit": False} for each in unknown]
            own = [{**json.loads(each), "permit": False} for each in one]
            reached = dict[str, float]()
            for label, path, bodies, connections, worth, rate in (
                ("hello: `/healthz`", "/healthz", [""], 64, 1, 0),
                ("one verdict, kept, with permit", "/v1/verdicts", one, 64, 1, 0),
                ("the same, about 1,000 a second", "/v1/verdicts", one, 64, 1, 1_000),
                ("the same, one client", "/v1/verdicts", one, 1, 1, 0),
                (
                    "batch of 10,000, numbers of which nothing is known",
                    "/v1/verdicts/batch",
                    [json.dumps({"calls": calls})],
                    1,
                    _BATCH,
                    0,
                ),
                (
                    "batch of 10,000, numbers with a consent",
                    "/v1/verdicts/batch",
                    [json.dumps({"calls": own + own})],
                    1,
                    _BATCH,
                    0,
                ),
            ):
                seconds = given.seconds * (1 if worth == 1 else 3)
                came = wrk(service, path, bodies, connections=connections, seconds=seconds, rate=rate)
                reached[path] = max(reached.get(path, 0), came["rate"])
                print(f"{label}: {came['rate'] * worth:,.0f}/s, p50 {came['p50']:.1f} ms, p99 {came['p99']:.1f} ms, "
                      f"errors {came['errors']:.0f}; load {os.getloadavg()[0]:.1f}")  # fmt: skip
            print(f"direct store call: {direct(store):,.0f}/s")
            print("soak at half of that:", soak(service, store, given.soak, rate=reached["/v1/verdicts"] / 2))


if __name__ == "__main__":
    main()
