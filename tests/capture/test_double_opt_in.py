"""Double opt-in, through the real door: a form is filled in, a code comes, and only then there is a consent."""

import itertools

import pytest

from tests.capture.conftest import DESIGN, SHOP, published
from tests.capture.people import confirm, events_when, fill, may_call, outside
from tests.capture.post import waited

NUMBERS = (f"+3120100{n:04}" for n in itertools.count(4000))


@pytest.fixture(scope="module")
def form(service):
    return published(service)


@pytest.fixture
def number():
    return next(NUMBERS)


def test_a_yes_counts_when_its_code_is_typed_and_not_before(service, texts, form, number):
    asked = fill(service, form, number, email="iris@post.example")
    assert asked.status_code == 200, asked.text
    assert asked.headers["access-control-allow-origin"] == SHOP
    assert number not in asked.text
    text = texts.wait_for(number)
    assert text.endswith(f"\n@127.0.0.1:{service.url.rpartition(':')[2]} #{texts.code(number)}")
    assert "Hiermee mag Voltix Energie B.V. u bellen over stroom en gas." in text
    assert texts.headers[-1]["authorization"] == "Bearer geheim"
    assert may_call(service, number)["allowed"] is False
    assert service.post("/v1/history", {"number": number}).json()["events"] == []
    done = confirm(service, form, asked.json()["id"], texts.code(number))
    assert done.status_code == 200, done.text
    assert may_call(service, number)["allowed"] is True
    assert may_call(service, number)["evidence"] == 2
    assert may_call(service, number, "solar")["allowed"] is False
    assert confirm(service, form, asked.json()["id"], texts.code(number)).json() == done.json()


def test_what_is_kept_is_what_was_shown_and_done(service, texts, form, number):
    asked = fill(service, form, number)
    assert confirm(service, form, asked.json()["id"], texts.code(number)).status_code == 200
    (given,) = [
        each
        for each in service.post("/v1/history", {"number": number}).json()["events"]
        if each["event"] == "consent.given"
    ]
    told = given["fields"]
    assert told["wording"].startswith("Mag Voltix Energie B.V. u bellen?")
    assert "[ ] Ja, Voltix Energie B.V. mag mij bellen over zonnepanelen." in told["wording"]
    assert [(box["initial"], box["final"]) for box in told["boxes"]] == [(False, True), (False, False)]
    assert [step.partition(" ")[2] for step in told["steps"]] == ["ticked 1", "submitted"]
    assert (told["viewport"], told["language"], told["wording_version"]) == ("360x740", "nl", "1")
    assert told["page"] == f"{SHOP}/kassa"
    assert told["ip_prefix"] == "127.0.0.0/24"
    assert told["verified"] == "sms"
    assert told["challenge_to_number"] is True
    assert told["until"] == "2027-09-08"
    assert told["shown_at"] <= told["challenge_sent"]


def test_the_receipt_goes_out_the_same_way_and_that_is_recorded(service, texts, mails, form, number):
    asked = fill(service, form, number, email="jan@post.example")
    receipt = confirm(service, form, asked.json()["id"], texts.code(number)).json()["receipt"]
    text = texts.wait_for(number, 2)
    assert (
        text
        == f"Voltix Energie B.V. mag u bellen over stroom en gas, tot en met 08-09-2027. Bewijs of stoppen: {service.url}/r/{receipt}"
    )
    mail = mails.wait_for("jan@post.example")
    assert mail["List-Unsubscribe"] == f"<{service.url}/v1/public/receipts/{receipt}/stop>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = next(part for part in mail.walk() if part.get_filename() == "receipt-1.html").get_content()
    assert "belbaar/receipt/1" in page
    kinds = [each["event"] for each in events_when(service, number, 3)]
    assert sorted(kinds) == ["consent.given", "receipt.delivered", "receipt.delivered"]


def test_whoever_has_the_receipt_stops_with_one_post(service, texts, form, number):
    asked = fill(service, form, number, ticked=(True, True))
    receipt = confirm(service, form, asked.json()["id"], texts.code(number)).json()["receipt"]
    assert may_call(service, number, "solar")["allowed"] is True
    path = f"/v1/public/receipts/{receipt}/stop"
    stopped = outside(service).post(path, data={"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200, stopped.text
    assert may_call(service, number)["allowed"] is False
    assert may_call(service, number, "solar")["allowed"] is False
    assert outside(service).post(path).json() == stopped.json()
    told = waited(lambda: [text for text in texts.to(number) if text.startswith("Gestopt.")])
    assert told[0].startswith("Gestopt. Voltix Energie B.V. mag u niet meer bellen")
    assert outside(service).post("/v1/public/receipts/AAAAAAAAAA/stop").status_code == 404


def test_a_wrong_code_counts_down_and_then_none_is_good(service, texts, form, number):
    asked = fill(service, form, number).json()["id"]
    right = texts.code(number)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for left in (4, 3, 2, 1, 0):
        refused = confirm(service, form, asked, wrong).json()
        assert (refused["code"], refused["details"]) == ("code-wrong", [str(left)])
    assert confirm(service, form, asked, right).json()["code"] == "too-many-tries"
    again = outside(service).post(f"/v1/public/forms/{form}/asked/{asked}/again")
    assert (again.status_code, again.json()["code"]) == (429, "too-soon")
    assert may_call(service, number)["allowed"] is False


def test_three_codes_an_hour_and_no_more(service, form, number):
    assert [fill(service, form, number).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_same_sent_again_gets_the_same_answer_and_one_code(service, texts, form, number):
    first, second = (fill(service, form, number, key="een-vaste-sleutel-1") for _ in range(2))
    assert first.json() == second.json()
    asked = first.json()["id"]
    assert confirm(service, form, asked, texts.code(number)).status_code == 200
    assert len(texts.to(number)) <= 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ticked": (False, False)}, 422, "nothing-chosen"),
        ({"boxes": [{"initial": True, "final": True}] * 2}, 422, "form.preticked"),
        ({"sha256": "0" * 64}, 422, "another-wording"),
        ({"boxes": [{"initial": False, "final": True}]}, 400, "malformed"),
        ({"number": "12"}, 422, "too-short"),
        ({"number": "+4915100000000"}, 422, "law-unknown"),
        ({"version": 9}, 404, "not-found"),
        ({"headers": {"Origin": "https://elders.example"}}, 403, "origin-refused"),
        ({"email": "geen adres"}, 422, "address-needed"),
    ],
)
def test_what_cannot_be_used_is_refused_and_sends_nothing(service, texts, form, change, status, code):
    before = texts.tried
    number = next(NUMBERS)
    refused = fill(service, form, **{"number": number} | change)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert texts.tried == before or not texts.to(number)


def test_a_page_that_is_not_listed_is_told_nothing_by_cors(service, form):
    for origin, seen in ((SHOP, SHOP), ("https://elders.example", None)):
        asked = outside(service).options(f"/v1/public/forms/{form}/asked", headers={"Origin": origin})
        assert asked.headers.get("access-control-allow-origin") == seen
    told = outside(service).get(f"/v1/public/forms/{form}", headers={"Origin": SHOP})
    assert (told.headers["access-control-allow-origin"], told.headers["vary"]) == (SHOP, "Origin")


def test_a_form_that_confirms_by_mail_proves_the_mailbox_only(service, mails, number):
    form = published(service, confirm="email")
    address = f"mail{number}@post.example"
    assert fill(service, form, number).json()["code"] == "address-needed"
    asked = fill(service, form, number, email=address).json()
    mail = mails.wait_for(address)
    assert mail["Subject"].endswith("is uw code")
    assert "belbaar, namens Voltix" in mail.get_body(("plain",)).get_content()
    assert confirm(service, form, asked["id"], mail["Subject"][:6]).status_code == 200
    assert may_call(service, number)["evidence"] == 1


def test_a_message_that_is_not_taken_comes_later_and_one_of_which_nobody_knows_does_not(service, texts, form):
    number = next(NUMBERS)
    texts.answers[:] = [503]
    fill(service, form, number)
    texts.code(number)
    lost = next(NUMBERS)
    texts.answers[:] = [0]
    fill(service, form, lost)
    texts.wait_for(lost)
    other = next(NUMBERS)
    fill(service, form, other)
    texts.wait_for(other)
    assert len(texts.to(lost)) == 1


def test_erased_is_all_that_waited_too(service, texts, form, number):
    asked = fill(service, form, number)
    texts.code(number)
    kept = next(NUMBERS)
    other = fill(service, form, kept).json()["id"]
    assert confirm(service, form, other, texts.code(kept)).status_code == 200
    texts.wait_for(kept, 2)
    for each in (number, kept):
        service.command("erase", each, "--reason", "request 2026-014")
    assert confirm(service, form, asked.json()["id"], texts.code(number)).status_code == 404


def test_what_nobody_may_see_is_told_as_what_there_is_not(service):
    form = service.post("/v1/forms", {"name": "Concept", "design": DESIGN}).json()["form"]
    draft, none = (outside(service).get(f"/v1/public/forms/{each}") for each in (form, "bcdfghjkmnpq"))
    assert (draft.status_code, draft.text) == (none.status_code, none.text)
