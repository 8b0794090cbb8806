"""What comes from elsewhere: orders of WooCommerce and Shopify, plain HTML forms, paper with its scans, pages to lint."""

import base64
import hashlib
import hmac
import itertools
import json
import re
import subprocess
import sys

import httpx
import pytest

from tests.api.service import environment
from tests.capture.conftest import SHOP, published
from tests.capture.people import may_call, outside

NUMBERS = (f"+3120100{n:04}" for n in itertools.count(7000))
HEADERS = {"woocommerce": "X-WC-Webhook-Signature", "shopify": "X-Shopify-Hmac-SHA256"}


@pytest.fixture(scope="module")
def form(service):
    return published(service)


@pytest.fixture(scope="module")
def secret(service, form):
    return service.post(f"/v1/forms/{form}/secret", None).json()["secret"]


def woocommerce(order, number, **answers):
    """An order as WooCommerce's REST API describes it (order.created)."""
    return {
        "id": order,
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": "2026-09-08T10:00:00",
        "total": "29.35",
        "billing": {
            "first_name": "Iris", "last_name": "Jansen", "address_1": "Plein 1", "city": "Ede", "postcode": "6711 AA",
            "country": "NL", "email": f"iris{order}@post.example", "phone": number,
        },
        "meta_data": [{"id": 13106, "key": f"_{name}", "value": value} for name, value in answers.items()],
        "line_items": [{"id": 315, "name": "Trui", "quantity": 1}],
    }  # fmt: skip


def shopify(order, number, **answers):
    """An order as Shopify's Admin API describes it (orders/create)."""
    return {
        "id": order,
        "admin_graphql_api_id": f"gid://shopify/Order/{order}",
        "created_at": "2026-09-08T12:00:00+02:00",
        "customer_locale": "en",
        "email": f"jan{order}@post.example",
        "phone": None,
        "billing_address": {"first_name": "Jan", "phone": number, "country_code": "NL"},
        "customer": {"id": 115310627314723954, "phone": None},
        "note_attributes": [{"name": name.replace("_", "-"), "value": value} for name, value in answers.items()],
        "total_price": "598.94",
    }


SHOPS = {"woocommerce": woocommerce, "shopify": shopify}


def sent(service, form, shop, order, secret):
    body = json.dumps(order).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    path = f"{service.url}/v1/public/forms/{form}/orders/{shop}"
    return httpx.post(path, content=body, headers={HEADERS[shop]: signature, "Content-Type": "application/json"})


@pytest.mark.parametrize("shop", SHOPS)
def test_a_yes_at_the_checkout_counts_when_the_person_confirms_it(service, texts, form, secret, shop):
    number = next(NUMBERS)
    order = SHOPS[shop](71, number, belbaar_1="yes", belbaar_2="no")
    for _ in range(2):  # shops send again
        answer = sent(service, form, shop, order, secret)
        assert (answer.status_code, answer.json()["taken"]) == (200, True), answer.text
    text = texts.wait_for(number)
    assert may_call(service, number)["allowed"] is False
    link = re.search(r"http\S+/c/\S+", text)[0]
    page = httpx.get(link, follow_redirects=True)
    assert ("stroom en gas" if shop == "woocommerce" else "electricity and gas") in page.text
    assert may_call(service, number)["allowed"] is False
    done = httpx.post(str(page.url))
    assert done.status_code == 303, done.text
    assert may_call(service, number)["allowed"] is True
    assert may_call(service, number)["evidence"] == 2
    assert may_call(service, number, "solar")["allowed"] is False
    assert len([each for each in texts.to(number) if "/c/" in each]) == 1


@pytest.mark.parametrize("shop", SHOPS)
def test_an_order_without_a_yes_or_with_another_signature_does_nothing(service, texts, form, secret, shop):
    number = next(NUMBERS)
    assert sent(service, form, shop, SHOPS[shop](72, number, belbaar_1="no"), secret).json() == {
        "taken": False, "problem": None,
    }  # fmt: skip
    forged = sent(service, form, shop, SHOPS[shop](73, number, belbaar_1="yes"), "another")
    assert (forged.status_code, forged.json()["code"]) == (401, "unauthorised")
    unreadable = sent(service, form, shop, SHOPS[shop](74, "bel maar niet", belbaar_1="yes"), secret)
    assert unreadable.status_code == 200
    assert unreadable.json()["problem"]["code"] == "not-a-number"
    other = published(service)  # has no secret: then nobody signed
    assert sent(service, other, shop, SHOPS[shop](75, number, belbaar_1="yes"), "").status_code == 401
    assert texts.to(number) == []


def test_woocommerce_may_look_whether_anybody_is_there(service, form):
    ping = httpx.post(f"{service.url}/v1/public/forms/{form}/orders/woocommerce", content=b"webhook_id=12")
    assert ping.json()["taken"] is False
    assert httpx.post(f"{service.url}/v1/public/forms/{form}/orders/magento", content=b"{}").status_code == 404


@pytest.mark.parametrize("shop", SHOPS)
def test_a_number_asked_at_a_gift_is_a_relation_with_its_opt_out(service, shop):
    design = {"kind": "number", "caller": "water", "relation": "gift", "languages": ["nl"], "fields": []}
    form = published(service, **design, choices=[{"product": "charity", "names": {"nl": "ons werk"}}])
    secret = service.post(f"/v1/forms/{form}/secret", None).json()["secret"]
    for out in (True, False):
        number = next(NUMBERS)
        order = SHOPS[shop](80 + out, number, belbaar_opt_out="yes" if out else "no")
        for taken in (True, False):
            assert sent(service, form, shop, order, secret).json()["taken"] is taken
        (event,) = service.post("/v1/history", {"number": number}).json()["events"]
        told = {"kind": "gift", "opt_out_offered": True, "opted_out": out}
        assert event["at"].startswith("2026-09-08T12:00:00")
        assert {name: event["fields"].get(name, False) for name in told} == told
        asked = {"number": number, "caller": "water", "product": "charity", "permit": False}
        assert service.post("/v1/verdicts", asked).json()["allowed"] is not out


def test_a_plain_html_form_leads_on_to_the_code(service, texts, form):
    number = next(NUMBERS)
    path = f"/v1/public/forms/{form}/post"
    fields = {"number": number, "box-1": "yes"}
    led = outside(service).post(path, data=fields, headers={"Origin": SHOP, "Sec-Fetch-Site": "cross-site"})
    assert led.status_code == 303, led.text
    assert re.fullmatch(rf"/nl/o/{form}/code\?a=[a-z]{{30}}", led.headers["location"])
    assert number[1:] not in led.headers["location"]
    page = httpx.post(service.url + led.headers["location"], data={"code": texts.code(number)})
    assert page.headers["location"].startswith("/nl/r/")
    assert may_call(service, number)["allowed"] is True
    assert outside(service).post(path, data={"number": "x"}).headers["location"] == f"/nl/o/{form}"
    assert outside(service).post(path, data=fields, headers={"Origin": "https://elders.example"}).status_code == 403


def test_paper_is_recorded_with_its_scan_and_counts_when_it_is_confirmed(service, texts, form):
    number, other = next(NUMBERS), next(NUMBERS)
    scans = service.folder / "scans"
    scans.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (scans / name).write_bytes(name.encode())
    sheet = service.folder / "sheet.csv"
    sheet.write_text(
        f"Nummer;Datum;Scan;Vakje 1;Vakje 2\n{number};2026-09-01;a.pdf;x;\n{other};2026-09-02;b.pdf;;ja\n",
        encoding="utf-8",
    )
    words = ("form", "paper", "sheet.csv", "--form", form, "--scans", "scans", "--confirm")
    assert _run(service, *words) == {"new": 2, "known": 0, "confirming": 2}
    assert _run(service, *words) == {"new": 0, "known": 2, "confirming": 2}
    (given,) = service.post("/v1/history", {"number": number}).json()["events"]
    assert given["fields"]["scan"] == hashlib.sha256(b"a.pdf").hexdigest()
    assert given["fields"]["boxes"][0]["final"] is True
    assert may_call(service, number)["allowed"] is False
    link = re.search(r"http\S+/c/\S+", texts.wait_for(number))[0]
    assert httpx.post(str(httpx.get(link, follow_redirects=True).url)).status_code == 303
    assert may_call(service, number)["allowed"] is True
    assert len([each for each in texts.to(number) if "/c/" in each]) == 1
    sheet.write_text(
        f"number,date,scan,box-1\n{number},2026-09-01,c.pdf,x\n{number},gisteren,a.pdf,\n", encoding="utf-8"
    )
    refused = _run(service, *words, code=2)
    assert refused["error"] == "rows-refused"
    assert len(refused["details"]) == 2


def test_a_page_is_looked_at_by_the_law_on_the_command_line_and_over_http(service, tmp_path):
    html = '<form><input type="tel"><label><input type="checkbox" checked> Onze partners mogen u bellen over gas</label></form>'
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "form", "lint", "page.html", "--json"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    found = json.loads(run.stdout)
    assert {"form.preticked", "form.partners", "form.no-withdrawal"} <= {each["code"] for each in found}
    assert service.post("/v1/forms/lint", {"html": html}).json()["findings"] == found


def _run(service, *words, code=0):
    env = environment(service.at) | {"BELBAAR_PUBLIC_URL": service.url}
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", *words, "--store", service.store, "--json"],
        cwd=service.folder, capture_output=True, text=True, env=env, check=False,
    )  # fmt: skip
    assert run.returncode == code, run.stdout + run.stderr
    return json.loads(run.stdout)
