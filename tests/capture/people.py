"""What people do with a form, without a key: fill in, confirm; and what is known of them then."""

import itertools

import httpx

from tests.api.conftest import ASKED
from tests.capture.conftest import SHOP
from tests.capture.post import waited

KEYS = (f"sleutel-{n:012}" for n in itertools.count())


def fill(service, form, number, *, ticked=(True, False), key="", headers=None, **change):
    told = outside(service).get(f"/v1/public/forms/{form}", params={"lang": change.get("language", "nl")}).json()
    body = {
        "version": told["version"],
        "language": "nl",
        "number": number,
        "boxes": [{"initial": False, "final": each} for each in ticked],
        "sha256": told["shown"]["sha256"],
        "steps": [{"what": "ticked 1", "ms": 1200}, {"what": "submitted", "ms": 4000}],
        "shown_ms": 4000,
        "viewport": "360x740",
        "page": f"{SHOP}/kassa?klant=17#x",
    } | change
    sent = {"Idempotency-Key": key or next(KEYS), "Origin": SHOP} | (headers or {})
    return outside(service).post(f"/v1/public/forms/{form}/asked", json=body, headers=sent)


class Outside:
    """Somebody without a key."""

    def __init__(self, url):
        self.url = url

    def __getattr__(self, method):
        return lambda path, **sent: httpx.request(method.upper(), self.url + path, timeout=20, **sent)


def outside(service):
    return Outside(service.url)


def confirm(service, form, asked, code):
    path = f"/v1/public/forms/{form}/asked/{asked}/confirm"
    return outside(service).post(path, json={"code": code}, headers={"Origin": SHOP})


def may_call(service, number, product="energy"):
    return service.post("/v1/verdicts", {**ASKED, "number": number, "product": product, "permit": False}).json()


def events_when(service, number, count):
    def look():
        events = service.post("/v1/history", {"number": number}).json()["events"]
        told = [each for each in events if each["event"] != "act"]
        return told if len(told) >= count else None

    return waited(look)
