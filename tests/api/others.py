"""Another organisation on the same installation, with a caller of its own."""

from tests.api.service import Service

FOREIGN = "+31201000040"
"""A number that only the other organisation knows anything of."""
SHARED = "+31201000041"
"""A number that both know of."""


def with_another(service: Service) -> str:
    """Add an organisation with a caller and events; give its administrator's key."""
    service.command(
        "caller", "add", "waterdruppel", "--name", "Stichting Waterdruppel", "--sector", "charity",
        "--number", "+31301990002",
    )  # fmt: skip
    service.command("organisation", "add", "water", "--name", "Water")
    service.command("organisation", "caller", "waterdruppel", "--organisation", "water")
    key = service.make_key("administrator", "water")
    consent = {
        "event": "consent.given",
        "caller": "waterdruppel",
        "product": "charity",
        "at": "2026-09-01T10:00:00+02:00",
        "wording": "Ja, Waterdruppel mag mij bellen.",
    }
    alone = [
        {"event": "objection.made", "number": SHARED, "scope": "all", "at": "2026-09-02T10:00:00+02:00"},
        {"event": "complaint.filed", "number": SHARED, "about": "mevrouw werd boos", "at": "2026-09-03T10:00:00+02:00"},
    ]
    rows = [{**consent, "number": FOREIGN}, {**consent, "number": SHARED}, *alone]
    assert service.post("/v1/events", rows, key=key).json()["new"] == len(rows)
    return key
