"""Stores and lists for benchmarks: invented, the same on every machine, in ranges where nobody can be called."""

import csv
import datetime as dt
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from belbaar.law.calendar import instant
from belbaar.law.terms import months
from belbaar.law.words import FACT_KINDS, FOREVER, FOREVER_DAY, RELATION_KINDS, SUBSCRIBERS
from belbaar.ledger import add_caller, create_store
from belbaar.ledger.standing import Row

OUT = Path(__file__).parent / "out"
AT = instant(dt.datetime.fromisoformat("2026-09-08T14:00:00+02:00"))
"""The moment all benchmarks ask about: a Tuesday afternoon under the law since 1 July 2026."""

FIRST = 31970_1000_0000
ROWS_A_NUMBER = 1.5
_CONSENT, _RELATION, _DESCRIPTION, _OBJECTION = (
    FACT_KINDS[kind] for kind in ("consent", "relation", "description", "objection")
)
_DAY = 86_400_000_000
_DAY_OF_AT = dt.date(2026, 9, 8).toordinal()
_HALF_YEAR = [months(6).after(_DAY_OF_AT - ago) for ago in range(1001)]


def make_store(path: Path, rows: int) -> int:
    """Make a store with about so many standing rows, straight into the table; gives how many there are.

    Folding would give the same rows and take much longer; what recording costs is measured apart.
    """
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    for folder in ("keys", "snapshot"):
        shutil.rmtree(f"{path}.{folder}", ignore_errors=True)
    belbaar("init", "--store", str(path))
    with create_store(path) as store:
        add_caller(store, "voltix", name="Voltix Energie B.V.", sector="commercial", numbers=[31201990001])
        with store.writing() as connection:
            store.product_key("energy")
            marks = ", ".join("?" * len(Row._fields))
            connection.executemany(
                f"INSERT INTO standing ({', '.join(Row._fields)}) VALUES ({marks})", _rows(int(rows / ROWS_A_NUMBER))
            )
        return int(store.connection.execute("SELECT count(*) FROM standing").fetchone()[0])


def _rows(numbers: int) -> Iterator[Row]:
    rng = random.Random(1)
    event = 0
    for number in range(FIRST, FIRST + numbers):
        facts = []
        kind = rng.random()
        if kind < 0.55:
            facts = [_consent(rng, number) for _ in range(2 if rng.random() < 0.6 else 1)]
        elif kind < 0.8:
            facts = [_relation(rng, number)]
        else:
            facts = [_description(rng, number)]
        if rng.random() < 0.17:
            ago = rng.randrange(1000)
            facts.append(_row(number, _OBJECTION, ago, rng))
        for fact in sorted(facts):
            event += 1
            yield fact._replace(event=event)


def _row(number: int, kind: int, ago: int, rng: random.Random, **columns: int) -> Row:
    caller = 0 if kind == _DESCRIPTION else 1
    since = AT - ago * _DAY - rng.randrange(1, 3_600_000_000)
    return Row(number, caller, kind, since, 0, **{"product": 0, "segment": 0, **columns})


def _consent(rng: random.Random, number: int) -> Row:
    ago = rng.randrange(1000)
    since = AT - ago * _DAY - rng.randrange(1, 3_600_000_000)
    row = _row(number, _CONSENT, ago, rng, product=1, affirmative=1, by_voice=1)
    return row._replace(
        since=since,
        wording_kept=int(rng.random() < 0.85),
        verified_at=since if rng.random() < 0.7 else FOREVER,
        contact_by=_HALF_YEAR[ago],
        contacted_at=since + 5 * _DAY if rng.random() < 0.3 else FOREVER,
        last_day=_DAY_OF_AT + rng.randrange(-200, 700) if rng.random() < 0.2 else FOREVER_DAY,
    )


def _relation(rng: random.Random, number: int) -> Row:
    return _row(
        number,
        _RELATION,
        rng.randrange(2500),
        rng,
        segment=1,
        relation_kind=RELATION_KINDS["service"],
        opt_out_offered=int(rng.random() < 0.9),
    )


def _description(rng: random.Random, number: int) -> Row:
    kind = "legal" if rng.random() < 0.3 else "natural"
    return _row(number, _DESCRIPTION, rng.randrange(2500), rng, subscriber=SUBSCRIBERS[kind])


def belbaar(*words: str) -> None:
    """Run the command as it is installed."""
    program = str(Path(sys.executable).with_name("belbaar"))
    subprocess.run((program, *words), check=True, capture_output=True)  # noqa: S603  our own program


DRESSES = (
    "0{n}", "+31{n}", "0031{n}", "{n}", "31{n}", "0970-{r}", "0970 {r}", "(0970) {r}", "'0{n}", "tel:+31{n}",
    "+31 (0){n}", "0{n}.0", "0{n} (na 18u)", " 0{n} ", "+31 970 {r}",
)  # fmt: skip
UNREADABLE = ("", "onbekend", "0970-1", "0201000001 / 0301000002", "9,70112E+10", "zie opmerking")
NAMES = ("Jansen", "De Vries", "Van 't Hof", "Özdemir", "Bakker; kantoor", "Visser", "El Idrissi", "Hoekstra")


def make_list(path: Path, rows: int, numbers: int) -> None:
    """Make a messy list: semicolons, quotes, fifteen dresses; a third unknown, some unreadable, some foreign."""
    rng = random.Random(2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["Naam", "Telefoonnummer", "Woonplaats", "Opmerking"])
        for row in range(rows):
            writer.writerow([f"{rng.choice(NAMES)} {row}", _cell(rng, numbers), "Utrecht", "klant sinds 2019"])


def _cell(rng: random.Random, numbers: int) -> str:
    kind = rng.random()
    if kind < 0.02:
        return rng.choice(UNREADABLE)
    if kind < 0.03:
        return f"+331990{rng.randrange(100_000):05d}"
    national = f"{FIRST + rng.randrange(int(1.5 * numbers))}"[2:]
    return rng.choice(DRESSES).format(n=national, r=national[3:])


def make_consents(path: Path, rows: int) -> None:
    """Make a file of consents to record: every number once."""
    rng = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["Telefoon", "Datum", "Tekst", "Geverifieerd"])
        for row in range(rows):
            day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(240))
            at = f"{day.isoformat()}T{rng.randrange(9, 20):02d}:{rng.randrange(60):02d}:00+02:00"
            writer.writerow([f"0{FIRST + row}".replace("031", "0", 1), at, "Ja, Voltix mag mij bellen.", "sms"])
