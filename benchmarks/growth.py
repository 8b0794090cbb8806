"""Does the cost of a row, and of a decision, stay flat as lists and ledgers grow?

    python -m benchmarks.growth                    # to 10^6 rows and 10^6 standing rows, some minutes
    python -m benchmarks.growth --rows 8 --standing 7   # exponents: 10^8 rows, 10^7 standing rows

Prints tables, keeps the figures of each size in benchmarks/growth.json and draws all that are there in
docs/pictures/growth.svg. Each size runs in a process of its own, so that its memory is its own. What is drawn is the
processor's time, of all threads: other work on the machine hardly moves it.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

AT = 1_788_868_800_000_000  # 2026-09-08T14:00+02:00
FIRST, STEP = 3197010000000, 3  # the machine range, where nobody can be called
KEPT = Path(__file__).with_name("growth.json")
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.svg"


def make_store(path: Path, rows: int) -> None:
    """Write a store with one consent for each of so many numbers, straight into standing."""
    from belbaar.ledger import add_caller, create_store  # noqa: PLC0415
    from belbaar.ledger.standing import Row  # noqa: PLC0415

    with create_store(path) as store:
        add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])
        caller = store.caller("voltix").key
        with store.writing():
            product = store.product_key("energy")
            for start in range(0, rows, 100_000):
                numbers = range(FIRST + STEP * start, FIRST + STEP * min(start + 100_000, rows), STEP)
                store.add_standing([tuple(_consent(Row, number, caller, product)) for number in numbers])


def _consent(row, number, caller, product):
    given = AT - 86_400_000_000
    return row(
        number, caller, 1, given, 1, product=product, segment=product, verified_at=given, contact_by=3_000_000,
        wording_kept=1, affirmative=1, by_voice=1,
    )  # fmt: skip


def make_list(path: Path, rows: int, standing: int) -> None:
    """Write a list in the dress people use; half of its numbers are in the ledger."""
    random = np.random.default_rng(20260701)
    dress = ["0{}", "+31{}", "0031{}", "31{}", "(0){}", "0 {}"]
    with path.open("w", encoding="utf-8") as file:
        file.write("Naam;Telefoonnummer\n")
        for start in range(0, rows, 1_000_000):
            count = min(1_000_000, rows - start)
            bare = 9_7010_000_000 + STEP * random.integers(0, min(2 * standing, 29_000_000), count)
            worn = random.integers(0, len(dress), count)
            lines = zip(bare.tolist(), worn.tolist(), strict=True)
            file.write("".join(f"Klant {start + i};{dress[d].format(n)}\n" for i, (n, d) in enumerate(lines)))


def decisions(store_path: Path, count: int = 20_000) -> dict[str, float]:
    """Judge numbers one by one; microseconds each."""
    from belbaar.ledger import open_store  # noqa: PLC0415
    from belbaar.verdict import Call, may_call  # noqa: PLC0415

    with open_store(store_path) as store:
        rows = store.connection.execute("SELECT count(*) FROM standing").fetchone()[0]
        picked = np.random.default_rng(7).integers(0, rows, count).tolist()
        calls = [Call(FIRST + STEP * n, "voltix", AT, "energy") for n in picked]
        for call in calls[:1000]:
            may_call(store, call)
        start = time.process_time()
        allowed = sum(may_call(store, call).allowed for call in calls)
        spent = time.process_time() - start
    if allowed != count:
        raise SystemExit("every number of this store has a consent, and some were denied")
    return {"us": spent / count * 1e6}


def screening(store_path: Path, list_path: Path) -> dict[str, float]:
    """Screen a list with the snapshot warm; microseconds a row and the peak of memory in MB."""
    from belbaar.ledger import open_store  # noqa: PLC0415
    from belbaar.verdict import Call  # noqa: PLC0415
    from belbaar.verdict.screening import screen_file  # noqa: PLC0415

    with open_store(store_path) as store:
        out = list_path.with_name("out.csv")
        start, began = time.perf_counter(), time.process_time()
        result = screen_file(store, list_path, Call(0, "voltix", AT, "energy"), out=out)
        spent, cpu = time.perf_counter() - start, time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"us": cpu / result.rows * 1e6, "mb": peak, "s": spent, "allowed": result.allowed}


def _apart(job: str, *paths: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth", "--job", job, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own module
    return json.loads(done.stdout.splitlines()[-1])


def sizes(first: int, last: int) -> Iterator[int]:
    return (10**exponent for exponent in range(first, last + 1))


def draw(decided: dict[int, dict], screened: dict[int, dict]) -> None:
    """Two small charts: microseconds against size, both axes logarithmic."""
    width, height, left, top = 360, 200, 52, 34
    parts = []
    for index, (title, unit, points) in enumerate(
        [
            ("One decision, by standing rows", "µs of the processor", {n: d["us"] for n, d in decided.items()}),
            ("A list, by its rows", "µs of the processor a row", {n: d["us"] for n, d in screened.items()}),
        ]
    ):
        x0 = index * (width + 40)
        low, high = np.log10(min(points)), np.log10(max(points)) or 1
        most = 10 ** np.ceil(np.log10(max(points.values())))

        def place(n, us, x0=x0, low=low, high=high, most=most):
            across = (np.log10(n) - low) / max(high - low, 1e-9)
            up = np.log10(max(us, 1)) / np.log10(most)
            return x0 + left + across * (width - left - 20), top + (1 - up) * (height - top - 34)

        spots = [place(n, us) for n, us in points.items()]
        parts.append(f'<text x="{x0 + left}" y="18" class="t">{title} ({unit})</text>')
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="#0b6e4f" stroke-width="2"/>')
        for (x, y), (n, us) in zip(spots, points.items(), strict=True):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#0b6e4f"/>')
            parts.append(f'<text x="{x:.0f}" y="{y - 9:.0f}" text-anchor="middle">{us:.3g}</text>')
            exponent = round(np.log10(n))
            parts.append(f'<text x="{x:.0f}" y="{height - 8}" text-anchor="middle">10^{exponent}</text>')
    style = "<style>text{font:12px sans-serif;fill:#222}.t{font-weight:600}</style>"
    box = f'viewBox="0 0 {2 * width + 40} {height}" width="{2 * width + 40}" height="{height}"'
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    PICTURE.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{style}{background}{"".join(parts)}</svg>\n', encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6, help="largest list, as a power of ten")
    parser.add_argument("--standing", type=int, default=6, help="largest ledger, as a power of ten")
    parser.add_argument("--job", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        job, *paths = asked.job
        print(json.dumps({"decisions": decisions, "screening": screening}[job](*map(Path, paths))))
        return
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        run(Path(folder), asked.rows, asked.standing)


def run(folder: Path, rows: int, standing: int) -> None:
    decided, screened = {}, {}
    print("| standing rows | µs of the processor a decision |\n|---|---|")
    for count in sizes(4, standing):
        store = folder / f"{count}.db"
        make_store(store, count)
        decided[count] = _apart("decisions", store)
        print(f"| {count:,} | {decided[count]['us']:.1f} |", flush=True)
    store = folder / f"{10 ** min(standing, 6)}.db"
    warm = folder / "warm.csv"
    make_list(warm, 50_000, 10**6)
    _apart("screening", store, warm)
    print("\n| list rows | µs of the processor a row | seconds by the clock | peak MB |\n|---|---|---|---|")
    for count in sizes(5, rows):
        path = folder / f"{count}.csv"
        make_list(path, count, 10**6)
        screened[count] = _apart("screening", store, path)
        got = screened[count]
        print(f"| {count:,} | {got['us']:.2f} | {got['s']:.1f} | {got['mb']:.0f} |", flush=True)
        path.unlink()
    keep(decided, screened)


def keep(decided: dict[int, dict], screened: dict[int, dict]) -> None:
    """Keep what was measured beside what is there of other sizes, and draw all."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"decisions": {}, "screenings": {}}
    for name, found in (("decisions", decided), ("screenings", screened)):
        kept[name] |= {str(count): {key: round(value, 2) for key, value in of.items()} for count, of in found.items()}
        kept[name] = dict(sorted(kept[name].items(), key=lambda item: int(item[0])))
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    draw(*({int(count): of for count, of in kept[name].items()} for name in ("decisions", "screenings")))


if __name__ == "__main__":
    main()
