"""Messy cells without end, the same ones for the same seed: clean numbers of invented ranges, dressed and then damaged."""

import random

_DRESS = [
    *(
        "{}",
        "'{}",
        " {} ",
        "tel:{}",
        "Tel. {}",
        "Mob: {}",
        "{} (na 18u)",
        "{} (werk)",
        "({})",
        "{}.0",
        "{}x12",
        "{} tst 3",
    ),
    *("{} / {}", "{} of {}", "{}, {}", "{}\u00a0", "\ufeff{}", '="{}"'),
]
_PIECES = [
    *"01234567890123456789+-./ ()'\"\\~_,;:|#&xXoOeEtna\n\t=[]{}",
    *(
        "(0)",
        "00",
        "+31",
        ".0",
        "E+10",
        " of ",
        " (na 18u)",
        "(x12)",
        "(a 12)",
        "tel:",
        "\u00a0",
        "\u200b",
        "\u00b2",
        "\uff10",
        "\u00e9",
    ),
]


def clean(rnd: random.Random) -> str:
    """Write a number of a range where nobody can be called, in one of the usual notations."""
    if rnd.random() < 0.2:
        return rnd.choice(
            ["112", "0900-8844", "14020", "020119", "0000000000", "+31001234567", f"+33199{rnd.randrange(10**6):06d}"]
        )
    area, tail = rnd.choice([("20", f"1{rnd.randrange(10**6):06d}"), ("970", f"1{rnd.randrange(10**7):07d}")])
    form = rnd.choice(
        ["0{}{}", "0{}-{}", "0{} {}", "0{}/{}", "+31{}{}", "+31 {} {}", "+31 (0){} {}", "0031{}{}", "31{}{}", "{}{}"]
    )
    return form.format(area, tail)


def messy(rnd: random.Random) -> str:
    """Dress one or two numbers, and damage most."""
    dress = rnd.choice(_DRESS)
    cell = list(dress.format(*(clean(rnd) for _ in range(dress.count("{}")))))
    for _ in range(rnd.choice([0, 1, 1, 2, 3, 6])):
        place = rnd.randrange(len(cell) + 1)
        cell[place : place + rnd.randrange(2)] = [rnd.choice(_PIECES)] if rnd.random() < 0.7 else []
    return "".join(cell)
