"""The invented world: who calls, who is called, and what happened between them."""

__all__ = ["CALLERS", "CAST", "DETAILS", "FORMS", "PEOPLE", "TEXTS", "Batch", "Person", "batches", "complaints"]

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

PEOPLE = 3_000
"""How many persons there are."""
_FIRST = 31_20_100_0000
_SEED = 11_7
_WORDING = "Ja, Zonnig Energie B.V. mag mij bellen over {about}. Er belt een mens. Stoppen kan altijd en is gratis."
_CONFIRMED = {"verified": "sms", "challenge_to_number": True}
ABOUT = ("stroom en gas", "zonnepanelen")
_FORM, _SUPPLIER, _PAPER = "zonnig.example", "leadpunt-2026.csv", "beurs-utrecht.csv"
_HOUR = 3600


class Person(NamedTuple):
    """One of those that the tour looks at: a number, whose caller, what it is about, and why it is worth a look."""

    number: int
    caller: str
    product: str
    nl: str
    en: str


TEXTS = tuple(_WORDING.format(about=about) for about in ABOUT)
"""The texts of consents, which are in the log before anybody saw them."""

CAST: Mapping[str, Person] = {
    "consent": Person(
        _FIRST + 9001,
        "zonnig",
        "energy.electricity",
        "Gaf toestemming op de site en bevestigde die met een code.",
        "Gave consent on the site and confirmed it with a code.",
    ),
    "customer": Person(
        _FIRST + 9002,
        "zonnig",
        "energy.electricity",
        "Is klant. Tot en met 30 juni 2026 was dat genoeg.",
        "Is a customer. Through 30 June 2026 that was enough.",
    ),
    "term": Person(
        _FIRST + 9003,
        "ochtendkrant",
        "news.paper",
        "Zegde de krant bijna drie jaar geleden op. De termijn loopt vanaf dat einde.",
        "Ended the subscription almost three years ago. The term runs from that end.",
    ),
    "volunteer": Person(
        _FIRST + 9004,
        "dierenhulp",
        "animals",
        "Kwam naar een informatieavond. Een goed doel mag dan bellen.",
        "Came to an information evening. A charity may call then.",
    ),
    "objection": Person(
        _FIRST + 9005,
        "zonnig",
        "energy.electricity",
        "Zei in een gesprek: niet meer bellen.",
        "Said in a call: no more calls.",
    ),
    "anonymous": Person(
        _FIRST + 9007,
        "zonnig",
        "energy.electricity",
        "Werd drie keer gebeld door iemand die zijn nummer verborg.",
        "Was called three times by somebody who hid the number.",
    ),
    "complaint": Person(
        _FIRST + 9006,
        "zonnig",
        "energy.electricity",
        "Zegt dat hij nooit toestemming gaf. De toestemming kwam van LeadPunt.",
        "Says that he never gave consent. The consent came from LeadPunt.",
    ),
}

CALLERS: Mapping[str, tuple[str, str, int]] = {
    "zonnig": ("Zonnig Energie B.V.", "commercial", 31_20_199_0001),
    "dierenhulp": ("Stichting Dierenhulp", "charity", 31_30_199_0002),
    "ochtendkrant": ("De Ochtendkrant B.V.", "press", 31_10_199_0003),
}
"""Each caller: name, sector, and the number it shows."""

DETAILS: Mapping[str, Mapping[str, str]] = {
    caller: {
        "kvk": kvk,
        "address": f"Voorbeeldstraat {place}, 1000 AA Amsterdam",
        "email": f"klant@{site}.example",
        "url": f"https://{site}.example",
        "privacy_url": f"https://{site}.example/privacy",
        "withdraw_url": f"https://{site}.example/stop",
        "stored_in": "NL",
    }
    for place, (caller, site, kvk) in enumerate(
        (
            ("zonnig", "zonnig", "90000001"),
            ("dierenhulp", "dierenhulp", "90000002"),
            ("ochtendkrant", "krant", "90000003"),
        ),
        start=1,
    )
}


FORMS: Mapping[str, Mapping[str, Any]] = {
    "Bel mij over energie": {
        "caller": "zonnig",
        "choices": [
            {"product": "energy", "names": {"nl": "stroom en gas", "en": "electricity and gas"}},
            {"product": "solar", "names": {"nl": "zonnepanelen", "en": "solar panels"}},
        ],
        "languages": ["nl", "en"],
        "term": "P1Y",
        "privacy_url": "https://zonnig.example/privacy",
    },
    "Gift": {
        "caller": "dierenhulp",
        "kind": "number",
        "relation": "gift",
        "choices": [{"product": "animals", "names": {"nl": "ons werk", "en": "our work"}}],
        "languages": ["nl", "en"],
        "privacy_url": "https://dierenhulp.example/privacy",
    },
}
"""The forms that are published, by name: see ``belbaar.capture.design``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that came together: from where, and each with its number."""

    source: str
    events: list[tuple[int, dict[str, Any]]]


def batches(now: dt.datetime) -> Iterator[Batch]:
    """Give all that happened until now, a batch for each place it came from."""
    world = _World(now, random.Random(_SEED))  # noqa: S311  a story, no secret
    yield Batch(_FORM, list(world.of_form()))
    yield Batch(_SUPPLIER, list(world.of_supplier()))
    yield Batch(_PAPER, list(world.of_paper()))
    yield Batch("crm.jsonl", list(world.of_books()))
    yield Batch("kiezer.jsonl", list(world.of_calls()))
    yield Batch("klantenservice.jsonl", list(world.of_cast()))


def complaints() -> Iterator[tuple[int, int]]:
    """Give who complained, how many days ago: of those whose consent was bought, some; of the others, hardly anybody."""
    draw = random.Random(_SEED)  # noqa: S311  a story, no secret
    for place in (*range(0, 700, 3), *range(700, 1150, 2)):
        bought = place >= 700  # noqa: PLR2004
        if draw.random() < (0.2 if bought else 0.012):
            yield _FIRST + place, draw.randint(0 if bought else 1, 330)
    yield CAST["complaint"].number, 6


@dataclass(slots=True)
class _World:
    """Guards what is drawn, in its order."""

    now: dt.datetime
    draw: random.Random

    def of_form(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Consents from the form on the site: most are confirmed with a code."""
        for place in range(700):
            number = _FIRST + place
            product, about = self.draw.choice((("energy", "stroom en gas"), ("solar", "zonnepanelen")))
            given = self._ago(1, 700)
            yield (
                number,
                {
                    **_consent(given, product, about),
                    "page": "https://zonnig.example/bel-mij",
                    "language": "nl",
                    "ip_prefix": "192.0.2.0/24",
                    **_captured(given, about),
                    **(_CONFIRMED | {"challenge_sent": given} if self.draw.random() < 0.85 else {}),  # noqa: PLR2004
                },
            )

    def of_supplier(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Consents that a supplier of leads sent: some without a text, some tied to a prize draw, none confirmed."""
        for place in range(700, 1150):
            consent = _consent(self._ago(1, 300), "energy", "stroom en gas")
            if self.draw.random() < 0.35:  # noqa: PLR2004
                del consent["wording"]
            yield _FIRST + place, {**consent, "bundled": self.draw.random() < 0.3}  # noqa: PLR2004
        yield CAST["complaint"].number, _consent(self._at(50), "energy", "stroom en gas")

    def of_paper(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Consents on paper, from a fair."""
        for place in range(1150, 1300):
            yield _FIRST + place, {**_consent(self._ago(30, 400), "solar", "zonnepanelen"), "verified": "in-person"}

    def of_books(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Customers, readers and friends; some ended it, some at dates that matter soon."""
        kinds = (
            ("zonnig", "service", "energy"),
            ("ochtendkrant", "service", "news.paper"),
            ("dierenhulp", "donorship", "animals"),
        )
        for place in range(1200, 2700):
            caller, kind, product = kinds[place % 3]
            started = self._ago(400, 2600)
            told = {"caller": caller, "kind": kind, "product": product}
            yield _FIRST + place, {
                "event": "relation.started", "at": started, **told, "opt_out_offered": True,
                "opted_out": self.draw.random() < 0.1,  # noqa: PLR2004
            }  # fmt: skip
            if self.draw.random() < 0.4:  # noqa: PLR2004
                yield _FIRST + place, {"event": "relation.ended", "at": self._ago(2, 1200, after=started), **told}
        for place in range(2700, 2850):
            kind = self.draw.choice(("volunteering", "attendance"))
            yield _FIRST + place, {
                "event": "relation.started", "at": self._ago(5, 900), "caller": "dierenhulp", "kind": kind,
                "product": "animals", "opt_out_offered": True,
            }  # fmt: skip
        for place in range(2850, PEOPLE):
            yield _FIRST + place, {"event": "subscriber.described", "at": self._ago(5, 900), "type": "legal"}

    def of_calls(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Calls that were made, and what people said of them: those with the supplier's consents complain most."""
        for place in (*range(0, 700, 3), *range(700, 1150, 2), *range(1200, 2700, 9)):
            caller, product = ("zonnig", "energy") if place < 1200 else ("ochtendkrant", "news.paper")  # noqa: PLR2004
            bought = 700 <= place < 1150  # noqa: PLR2004
            called = self._ago(1, 330)
            yield _FIRST + place, {
                "event": "call.made", "at": called, "caller": caller, "product": product,
                "agent": self.draw.choice(("belbureau", "snelbel")), "objection_offered": not bought or place % 4 == 0,
            }  # fmt: skip
            if self.draw.random() < (0.25 if bought else 0.06):
                yield _FIRST + place, {"event": "objection.made", "at": called, "caller": caller, "scope": "caller"}

    def of_cast(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What happened to those of the tour."""
        yield CAST["consent"].number, {
            **_consent(self._at(40), "energy", "stroom en gas"), **_captured(self._at(40), "stroom en gas"), **_CONFIRMED,
            "challenge_sent": self._at(40), "page": "https://zonnig.example/bel-mij", "language": "nl",
        }  # fmt: skip
        service = {"kind": "service", "opt_out_offered": True}
        yield CAST["customer"].number, {
            "event": "relation.started", "at": "2024-03-01T12:00:00+01:00", "caller": "zonnig", "product": "energy", **service
        }  # fmt: skip
        paper = {"caller": "ochtendkrant", "product": "news.paper"}
        yield CAST["term"].number, {"event": "relation.started", "at": "2019-01-01T12:00:00+01:00", **paper, **service}
        yield CAST["term"].number, {"event": "relation.ended", "at": self._at(3 * 365 - 20), **paper, "kind": "service"}
        yield CAST["volunteer"].number, {
            "event": "relation.started", "at": self._at(60), "caller": "dierenhulp", "kind": "attendance",
            "product": "animals", "opt_out_offered": True,
        }  # fmt: skip
        yield CAST["objection"].number, {**_consent(self._at(90), "energy", "stroom en gas"), "verified": "sms"}
        call = {"caller": "zonnig", "product": "energy", "agent": "belbureau"}
        yield CAST["objection"].number, {"event": "call.made", "at": self._at(12), **call, "objection_offered": True}
        yield (
            CAST["objection"].number,
            {"event": "objection.made", "at": self._at(12), "caller": "zonnig", "scope": "caller"},
        )
        yield CAST["complaint"].number, {"event": "call.made", "at": self._at(8), **call | {"agent": "snelbel"}}

    def _at(self, days: int) -> str:
        """Give an instant so many days ago, in office hours."""
        return (self.now - dt.timedelta(days=days)).replace(hour=11, minute=20, second=0).isoformat(timespec="seconds")

    def _ago(self, first: int, last: int, *, after: str = "") -> str:
        """Draw an instant between so many days ago and so many."""
        if after:
            last = min(last, (self.now - dt.datetime.fromisoformat(after)).days - 1)
        days = self.draw.randint(first, max(first, last))
        then = (self.now - dt.timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
        return (then + dt.timedelta(seconds=self.draw.randrange(8 * _HOUR))).isoformat(timespec="seconds")


def _captured(at: str, about: str) -> dict[str, Any]:
    """Give what the widget says of how it was shown and ticked."""
    box = {"label": f"Ja, over {about}.", "initial": False, "final": True}
    return {
        "captured_by": "belbaar.widget",
        "boxes": [box],
        "shown_at": at,
        "viewport": "360x740",
        "wording_version": "1",
    }


def _consent(at: str, product: str, about: str) -> dict[str, Any]:
    return {
        "event": "consent.given",
        "at": at,
        "caller": "zonnig",
        "product": product,
        "wording": _WORDING.format(about=about),
        "affirmative": True,
        "channels": ["voice"],
    }
