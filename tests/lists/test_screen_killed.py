"""A long screening killed with -9, again and again, ends with the bytes of one that was never stopped."""

import hashlib
import os
import signal
import subprocess
import sys

import pytest

SCREEN = """
import os, signal, sys
from pathlib import Path
from belbaar.ledger import open_store
from belbaar.tables import Table
from belbaar.verdict import Call, parts, screening
store, path, out, parts_before_death, where = sys.argv[1:6]
screening._IN_MEMORY = 0
batches = Table.batches
Table.batches = lambda table, size=37: batches(table, size)
left = int(parts_before_death)
keep, write = parts.Parts.add, screening.write_like

def add(self, part):
    global left
    if where == "before a part" and left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    keep(self, part)
    left -= 1
    if where == "behind a part" and left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def write_like(table, out, names, batches, **more):
    def dying():
        for number, batch in enumerate(batches):
            if where == "while writing" and number == 4:
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch
    return write(table, out, names, dying(), **more)

parts.Parts.add, screening.write_like = add, write_like
moment = int(sys.argv[6])
with open_store(Path(store)) as ledger:
    result = screening.screen_file(
        ledger, Path(path), Call(0, "voltix", moment, "energy"), out=Path(out),
        options=screening.ListOptions(moment_given=False),
    )
print(result.rows, result.allowed, result.position)
"""


@pytest.mark.usefixtures("store")
def test_killed_at_any_place_it_goes_on_and_ends_with_the_same_bytes(load, tmp_path):
    load(
        "Telefoon;Datum;Tekst;Geverifieerd\n" + "".join(f"0201{n:06};2026-11-01;Ja;sms\n" for n in range(50)),
        event="consent.given",
        caller="voltix",
        product="energy",
    )
    path, whole, out = (tmp_path / name for name in ("list.csv", "whole.csv", "out.csv"))
    cells = ["020100{:04}", "+3120100{:04}", '"020-100 {:04}"', "onbekend", "020100{:04} / 0201009999"]
    lines = [f"{cells[n % 5].format(n)};Jansen {n}\r\n" for n in range(800)]
    path.write_text("Telefoon;Naam\r\n" + "".join(lines), encoding="utf-8")

    def screen(to, left, where, moment):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                SCREEN,
                str(tmp_path / "belbaar.db"),
                str(path),
                str(to),
                str(left),
                where,
                str(moment),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "error"},
        )
        return done.returncode, done.stdout

    first = 1_795_525_200_000_000  # 2026-11-24T14:00+01:00, and each later start asks a little later
    code, told = screen(whole, -1, "never", first)
    assert (code, told.split()[0]) == (0, "800")
    deaths = [
        (3, "behind a part"),
        (2, "before a part"),
        (0, "before a part"),
        (-1, "while writing"),
        (-1, "while writing"),
    ]
    for number, (left, where) in enumerate(deaths, 1):
        assert screen(out, left, where, first + number * 3_600_000_000)[0] == -signal.SIGKILL
        assert not out.exists()
        if number == 1:
            load("0201000001\n", name="verzet.txt", event="objection.made", caller="voltix")
    assert screen(out, -1, "never", first + 86_400_000_000) == (0, told)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == hashlib.sha256(whole.read_bytes()).hexdigest()
    assert not (tmp_path / "out.csv.progress").exists()
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(".out")]
