"""My number is open: each day on which it is stands in the log, and shows in a dossier beside the receipt."""

import json
import subprocess
import sys

from belbaar.proof.verifier.reading import unzipped
from tests.api.conftest import ASKED
from tests.api.service import serving
from tests.capture.conftest import furnish, published, sending
from tests.capture.people import confirm, events_when, fill
from tests.capture.post import waited

NUMBER, WAITING = "+31201005001", "+31201005002"


def dossier(service):
    return service.post("/v1/dossiers", {"number": NUMBER}).content


def days(content):
    leaves = json.loads(unzipped(content)["dossier.json"])["leaves"]
    return [json.loads(each["entry"])["b"] for each in leaves if each["name"].startswith("open-")]


def test_a_day_on_which_people_can_look_is_logged_and_proven_and_others_are_not(tmp_path, texts, mails):
    """Neither the day of the receipt counts, nor one on which messages do not get through, nor one without an address."""
    open_ = sending(texts, mails) | {"public_url": "https://bel.example"}
    with serving(tmp_path, "belbaar.db", **open_) as service:
        furnish(service)
        form = published(service)
        for number in (NUMBER, WAITING):
            asked, code = fill(service, form, number).json()["id"], texts.code(number)
            texts.answers[:] = [] if number == NUMBER else [503] * 30
            assert confirm(service, form, asked, code).status_code == 200
            events_when(service, NUMBER, 2)
        waited(lambda: texts.tried > len(texts.got))
        key = service.key
    tried = texts.tried
    with serving(tmp_path, "belbaar.db", at="2026-09-09 12:00:00", key=key, **open_):
        waited(lambda: texts.tried > tried)
    texts.answers.clear()
    closed = {name: value for name, value in open_.items() if name != "public_url"}
    with serving(tmp_path, "belbaar.db", at="2026-09-10 14:00:00", key=key, **closed) as service:
        assert days(dossier(service)) == []
    with serving(tmp_path, "belbaar.db", at="2026-09-11 14:00:00", key=key, **open_) as service:
        found = waited(lambda: days(dossier(service)))
        assert [(day["day"], day["url"], day["ways"]) for day in found] == [
            ("2026-09-11", "https://bel.example/nl/my", ["sms"])
        ]
        (tmp_path / "a.dossier.zip").write_bytes(dossier(service))
        asked = {**ASKED, "number": NUMBER, "at": "2026-09-12T14:00:00+02:00", "explain": True}
        told = service.post("/v1/verdicts", asked).json()
        assert told["evidence"] == 2
        assert "open on 1 of 14 days" in str(told["explanation"])
    run = [sys.executable, "-m", "belbaar.cli", "verify", "a.dossier.zip"]
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "My number was open on 1 days, from 2026-09-11 to 2026-09-11" in said
