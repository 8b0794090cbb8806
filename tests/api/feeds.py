"""Following a feed in tests: organisations beside each other, and all pages one after another."""

import httpx

from tests.api.service import Service

OTHER = "dagpost"
OBJECTION = {"event": "objection.made", "caller": "voltix", "at": "2026-09-02T10:00:00+02:00"}
CONSENT = {
    "event": "consent.given",
    "caller": "voltix",
    "product": "energy",
    "at": "2026-09-01T10:00:00+02:00",
    "wording": "Ja, Voltix mag mij bellen over energie.",
}


def number(place: int) -> str:
    """Give a number on which nobody can be called."""
    return f"+31201{place:06d}"


def add_other(service: Service) -> str:
    """Make another organisation with a caller of its own; give the key of its officer."""
    service.command("organisation", "add", "others", "--name", "Others B.V.")
    service.command("caller", "add", OTHER, "--name", "De Dagpost", "--sector", "press", "--number", "+31201990010")
    service.command("organisation", "caller", OTHER, "--organisation", "others")
    return service.make_key("officer", "others")


def followed(
    service: Service, *, after: str = "", key: str = "", limit: int = 100, kinds: str = ""
) -> tuple[list, str]:
    """Follow the feed to its end; give the changes, and the cursor of the end."""
    found: list = []
    while True:
        query = {"limit": limit} | ({"after": after} if after else {}) | ({"kinds": kinds} if kinds else {})
        told = service.get("/v1/changes", key=key, **query)
        if told.status_code == httpx.codes.SERVICE_UNAVAILABLE:  # a busy machine: asked again, as the answer says
            continue
        page = told.json()
        assert told.status_code == httpx.codes.OK, page
        found += page["changes"]
        after = page["next"]
        if not page["more"]:
            return found, after
