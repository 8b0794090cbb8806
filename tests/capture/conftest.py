"""A service with forms, a gateway for text messages and a mail server."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import OWN
from tests.api.service import Service, serving
from tests.capture.post import Gateway, Mailbox, gateway, mailbox

DETAILS = (
    "--kvk", "12345678", "--address", "Plein 1, 1012 AB Amsterdam", "--email", "privacy@voltix.example",
    "--privacy-url", "https://voltix.example/privacy", "--stored-in", "NL", "--url", "https://voltix.example",
    "--withdraw-url", "https://voltix.example/stop",
)  # fmt: skip
SHOP = "https://shop.example"
DESIGN = {
    "caller": "voltix",
    "languages": ["nl", "en"],
    "fields": ["email"],
    "term": "P1Y",
    "origins": [SHOP],
    "choices": [
        {"product": "energy", "names": {"nl": "stroom en gas", "en": "electricity and gas"}},
        {"product": "solar", "names": {"nl": "zonnepanelen", "en": "solar panels"}},
    ],
}


@pytest.fixture(scope="module")
def store() -> str:
    """The name of a store that is not there yet; `test_on_postgres.py` has another."""
    return "belbaar.db"


@pytest.fixture(scope="module")
def texts() -> Iterator[Gateway]:
    """A gateway for text messages."""
    with gateway() as running:
        yield running


@pytest.fixture(scope="module")
def mails() -> Iterator[Mailbox]:
    """A mail server."""
    with mailbox() as running:
        yield running


@pytest.fixture(scope="module")
def service(
    store: str,
    texts: Gateway,
    mails: Mailbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """A service that can send."""
    settings = sending(texts, mails)
    with serving(tmp_path_factory.mktemp("capture"), store, **settings) as started:
        furnish(started)
        yield started


def sending(texts: Gateway, mails: Mailbox) -> dict[str, str]:
    """Settings by which a service sends."""
    return {
        "sms_url": texts.url,
        "sms_headers": "Authorization: Bearer {secret}",
        "sms_secret": "geheim",
        "smtp": mails.server,
        "smtp_tls": "none",
        "public_rate": "1000",
        "public_codes": "1000",
        "mail_from": "belbaar@bel.example",
    }


def furnish(service: Service) -> None:
    """Register a commercial caller and a charity, described."""
    service.command(
        "caller", "add", "voltix", "--name", "Voltix Energie B.V.", "--sector", "commercial", "--number", OWN
    )
    service.command(
        "caller", "add", "water", "--name", "Stichting Waterdruppel", "--sector", "charity", "--number", "+31301990002"
    )
    for caller in ("voltix", "water"):
        service.command("caller", "describe", caller, *DETAILS)


def published(service: Service, **change: object) -> str:
    """Make a form and publish it; give its id."""
    made = service.post("/v1/forms", {"name": "Webwinkel", "design": DESIGN | change})
    assert made.status_code == 201, made.text
    form = str(made.json()["form"])
    done = service.post(f"/v1/forms/{form}/publish", None)
    assert done.status_code == 201, done.text
    return form
