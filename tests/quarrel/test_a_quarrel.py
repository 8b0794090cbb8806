"""One quarrel from end to end, as docs/regulator.md and docs/nl/toezichthouder.md tell it, and what may not pass.

The pages are run with a real witness, a real timestamp authority and a clock that libfaketime sets to the days they
tell of; their output is what they show. Then the file goes to a browser, and to those who would change it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from belbaar.proof.verifier.reading import unzipped, zipped
from tests.docs.conftest import without_hashes
from tests.proof.tsa import Authority

ROOT = Path(__file__).parents[2]
PAGES = {"en": ROOT / "docs" / "regulator.md", "nl": ROOT / "docs" / "nl" / "toezichthouder.md"}
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
NUMBER = "+31201000090"
WORDING = "Ja, Voltix Energie B.V. mag mij bellen over energie. Ik kan dat altijd intrekken.\n"
CONSENT = (
    {
        "event": "consent.given",
        "at": "2026-09-01T10:03:00+02:00",
        "number": NUMBER,
        "caller": "voltix",
        "product": "energy",
        "wording": WORDING.strip(),
        "wording_version": "2026-3",
        "language": "nl",
        "boxes": [{"label": "Ja, bel mij", "initial": False, "final": True}],
        "shown_at": "2026-09-01T10:01:00+02:00",
        "page": "https://voltix.example/aanvraag",
        "captured_by": "voltix web",
    },
    {
        "event": "consent.verified",
        "at": "2026-09-01T10:05:00+02:00",
        "number": NUMBER,
        "caller": "voltix",
        "method": "sms",
        "challenge_sent": "2026-09-01T10:04:00+02:00",
        "challenge_to_number": True,
    },
)
CALL = (
    {
        "event": "call.made",
        "at": "2026-09-08T14:01:00+02:00",
        "number": NUMBER,
        "caller": "voltix",
        "product": "energy",
    },
    {"event": "objection.made", "at": "2026-09-08T14:10:00+02:00", "number": NUMBER, "caller": "voltix"},
)
_BYTES = re.compile(r"\d+ \d{3} bytes")


def _masked(text: str) -> str:
    """Signatures and random ids make each dossier another one, of nearly the same size."""
    return _BYTES.sub("… bytes", without_hashes(text))


class Scene:
    """A folder, a clock, and the two outsiders; runs the commands of a page."""

    def __init__(self, folder: Path, authority_url: str):
        self.folder = folder
        self.clock = folder.parent / "clock"
        self.tsa = authority_url
        self.witness = None
        self.processes = []
        own = {name: value for name, value in os.environ.items() if not name.startswith("BELBAAR_")}
        self.environment = own | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}",
            "USER": "iris",
            "LOGNAME": "iris",
            "LC_ALL": "C.UTF-8",
            "TZ": "Europe/Amsterdam",
            "TSA": authority_url,
            **faked(self.clock),
        }

    def run(self, command: str) -> str:
        if command.startswith("# "):
            self.clock.write_text(f"{command[2:]}:00")
            return ""
        if "$WITNESS" in command:
            self.environment["WITNESS"] = self._started_witness()
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if "belbaar init" in command or "log anchor" in command:
            shutil.copy(self.folder / "belbaar.db.keys" / "trust.json", self.folder / "trust.json")
        return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())

    def _started_witness(self) -> str:
        trust = json.loads((self.folder / "trust.json").read_text())
        elsewhere = self.folder.parent / "witness"
        elsewhere.mkdir()
        key = trust["logs"][0]["keys"][0]["vkey"]
        words = [
            "belbaar",
            "witness",
            "--log",
            key,
            "--listen",
            "127.0.0.1:0",
            "--name",
            "witness.example/w1",
            "--json",
        ]
        process = subprocess.Popen(words, cwd=elsewhere, env=self.environment, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        told = json.loads(process.stdout.readline())
        return f"{told['url']}={told['key']}"

    def end(self):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def faked(clock: Path) -> dict[str, str]:
    """Have children see the time that stands in a file; waits go by the real clock."""
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@pytest.fixture(scope="module", params=["en", "nl"])
def played(request, tmp_path_factory, replay):
    """The page, run; gives the folder in which it all happened."""
    if FAKETIME is None:
        pytest.skip("libfaketime is not installed: make system")
    base = tmp_path_factory.mktemp(request.param)
    folder = base / "voltix"
    folder.mkdir()
    (folder / "wording.txt").write_text(WORDING, encoding="utf-8")
    for name, events in (("consent.jsonl", CONSENT), ("call.jsonl", CALL)):
        (folder / name).write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        clock = base / "clock"
        clock.write_text("2026-08-24 09:00:00")
        for name, value in {**faked(clock), "TZ": "Europe/Amsterdam"}.items():
            patch.setenv(name, value)  # the authority's openssl sees the same clock
        authority = Authority(_made(base / "tsa"))
        with authority.serving() as url:
            (folder / "tsa-root.pem").write_text(authority.root)
            scene = Scene(folder, url)
            try:
                replay(PAGES[request.param], scene.run, masked=_masked)
            finally:
                scene.end()
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def dossier(folder: Path) -> Path:
    (found,) = folder.glob("*.zip")
    return found


def verified(folder: Path, path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Check a file as a regulator does, with a verifier of their own and nothing else."""
    verifier = folder.parent / "own-verify.py"
    if not verifier.exists():
        verifier.write_bytes(unzipped(dossier(folder).read_bytes())["verify.py"])
    command = ["env", "-i", f"PATH={os.environ['PATH']}", "python3", "-I", str(verifier), str(path), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_everything_in_the_file_is_proven_offline(played):
    checked = verified(played, dossier(played), "--trust", "trust.json")
    assert checked.returncode == 0, checked.stdout
    assert "consent-given" in checked.stdout


def test_a_browser_proves_all_but_the_timestamps(played, chromium):
    page = chromium.new_page()
    unpacked = played.parent / "verify.html"
    unpacked.write_bytes(unzipped(dossier(played).read_bytes())["verify.html"])
    page.goto(unpacked.as_uri())
    page.set_input_files("#trust", str(played / "trust.json"))
    page.set_input_files("#dossier", str(dossier(played)))
    page.wait_for_selector("#outcome.outcome")
    assert page.get_attribute("#outcome", "data-outcome") == "stamp"
    page.close()


def test_another_text_another_person_or_another_verifier_is_told(played):
    parts = unzipped(dossier(played).read_bytes())
    wording = next(
        name for name in parts if name.startswith("texts/") and parts[name].decode().startswith("Ja, Voltix")
    )
    spoiled = {
        "text": parts | {wording: b"U gaat akkoord met alles."},
        "person": parts | {"dossier.json": parts["dossier.json"].replace(b"31201000090", b"31201000091")},
        "verifier": parts | {"verify.py": b"print('All is proven.')\n"},
    }
    for name, changed in spoiled.items():
        path = played.parent / f"{name}.zip"
        path.write_bytes(zipped(changed))
        checked = verified(played, path, "--trust", "trust.json")
        assert checked.returncode == 1, f"{name}: {checked.stdout}"
        assert "Traceback" not in checked.stdout + checked.stderr


def test_without_the_keys_of_others_the_maker_is_not_believed(played):
    other = json.loads((played / "trust.json").read_text())
    other["witnesses"] = []
    path = played.parent / "no-witness.json"
    path.write_text(json.dumps(other, sort_keys=True, separators=(",", ":")))
    checked = verified(played, dossier(played), "--trust", str(path))
    assert checked.returncode == 3
    assert "witnesses" in checked.stdout
