"""How fast columns of numbers are read, against `phonenumbers.parse` + `is_valid_number` one by one.

    python benchmarks/reading_numbers.py [ROWS]

The mix is that of shared/data/bellijst-cp1252.csv (its dresses and its share of unreadable cells), with other digits in
every row so that hardly two cells are equal. Peer and belbaar take turns in every round; the ratio is that of a round,
and the table gives the median. One thread each. The peer does less: it gives no codes, and reads vanity letters.
"""

import random
import statistics
import sys
import time
from contextlib import suppress

import phonenumbers
import pyarrow as pa

from belbaar.numbers import column, judgement, library, metadata_version, read, read_many

ROUNDS = 5
PEER_ROWS = 20_000
# How often in a thousand rows of bellijst; {a} area or 970, {n} the rest, {c} a whole foreign number, {t} three digits.
MIX = """
160 +31{a}{n} | 75 31{a}{n} | 85 +{c} | 50 tel:+31{a}{n} | 25 tel:+{c} | 25 00{c} | 25 +31 {a} {n}
45 0{a}-{n} | 45 0{a} {n} | 40 0{a}/{n} | 38 (0{a}) {n} | 37 0{a}.{n} | 37 0{a}{n} | 45 {a}{n}
45 0031 (0){a}{n} | 40 +31 (0){a} {n} | 12 +31 (0) {a}{n} | 40 +31\u00a0{a}\u00a0{n} | 13 0031{a}{n}
45 0{a}{n} (na 18u) | 36  0{a}{n} | 39 '0{a}{n} | 36 {a}{n}.0 | 37 Tel. 0{a}-{n}
7 112 | 5 0900-8844 | 4 09001234567 | 5 0000000000 | 4 +31001234567 | 5 n.v.t. | 3 onbekend
5 jan@voorbeeld.nl | 5 2021-07-01 | 3 - | 4 020{t} | 5 0{a}{n}12345678 | 3 O6-I2{t}78
8  | 2 0{a}{n} / 0{a}{n} | 3 0{a}{n} of 0{a}{n} | 3 3.1{t}E+10
"""


def cells(rows: int) -> list[str]:
    rnd = random.Random("bellijst")
    areas = [*(["10", "20", "30", "40", "50"] * 2), *(["970"] * 8)]
    forms = [form.split(" ", maxsplit=1) for line in MIX.strip("\n").split("\n") for form in line.split(" | ")]
    made = []
    for _, form in rnd.choices(forms, weights=[int(weight) for weight, _ in forms], k=rows):
        area = rnd.choice(areas)
        rest = f"1{rnd.randrange(10**7):07d}" if area == "970" else f"1{rnd.randrange(10**6):06d}"
        abroad = f"33199{rnd.randrange(10**6):06d}" if rnd.random() < 0.6 else f"493023125{rnd.randrange(1000):03d}"
        made.append(form.format(a=area, n=rest, c=abroad, t=rnd.randrange(100, 999)))
    return made


def by_the_library(texts: list[str]) -> None:
    for text in texts:
        with suppress(phonenumbers.NumberParseException):
            phonenumbers.is_valid_number(phonenumbers.parse(text, "NL"))


def rate(rows: int, work) -> float:
    start = time.perf_counter()
    work()
    return rows / (time.perf_counter() - start)


def asked_and_single(texts: list[str]) -> tuple[float, float]:
    """Count what was asked of the library, and what was read one by one, by listening in."""
    asked, single = [], []
    dial, one = library.dial, column.read
    library.dial = lambda digits, region: asked.append(digits) or dial(digits, region)
    column.read = lambda text, region: single.append(text) or one(text, region)
    read_many(pa.array(texts))
    library.dial, column.read = dial, one
    return len(asked) / len(texts), len(single) / len(texts)


def measure(rows: int) -> list[tuple[str, ...]]:
    """Tell the median ratio of each way of reading, and what is asked of the library."""
    rates, asked, single = _rates(rows)
    work = f"read {rows:,} numbers in the mix of bellijst; {asked:.2%} asked of the library, {single:.1%} one by one"
    peer = f"{statistics.median(rates['phonenumbers']):,.0f}/s"
    return [
        (f"{work}: {name}", "`phonenumbers`, parse + is_valid_number", f"{_ratio(rates, name):.0f} times its speed",
         f"{statistics.median(rates[name]):,.0f}/s", peer)
        for name in rates if name.startswith("read_many")
    ]  # fmt: skip


def _ratio(rates: dict[str, list[float]], name: str) -> float:
    return statistics.median(mine / peer for mine, peer in zip(rates[name], rates["phonenumbers"], strict=True))


def _rates(rows: int) -> tuple[dict[str, list[float]], float, float]:
    texts = cells(rows)
    whole, sample = pa.array(texts), texts[:PEER_ROWS]
    ways = {"read, one by one": lambda: [read(text) for text in sample], "read_many, numpy": lambda: read_many(whole)}
    compiled = column.compiled_undress()
    if compiled:
        ways["read_many, belbaar[fast]"] = lambda: read_many(whole)
    rates = {name: [] for name in ("phonenumbers", *ways)}
    for way in ways.values():
        way()  # compile and load
    for _ in range(ROUNDS):
        rates["phonenumbers"].append(rate(len(sample), lambda: by_the_library(sample)))
        for name, way in ways.items():
            column.compiled_undress = (lambda: compiled) if "fast" in name else (lambda: None)
            rates[name].append(rate(len(sample) if "one by one" in name else rows, way))
    return rates, *asked_and_single(texts)


def main(rows: int) -> None:
    rates, asked, single = _rates(rows)
    print(
        f"{rows} rows in the mix of bellijst, phonenumbers {metadata_version()}, tables used: {bool(judgement.tables())}"
    )
    print(f"asked of the library: {asked:.2%} of the rows; read one by one: {single:.2%}\n")
    print(f"{'':28}{'rows/s':>12}{'ratio':>9}")
    for name, found in rates.items():
        print(f"{name:28}{statistics.median(found):>12,.0f}{_ratio(rates, name):>8.1f}x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
