"""The JavaScript client: generated types are those of the service, they hold, and a program asks a running service."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import CONSENT, CONSENTED, OWN, UNKNOWN
from tests.api.service import free_port

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "clients" / "js"
PROGRAM = """
import { belbaar, NotRecorded } from "./belbaar.js";
const [url, key, nobody] = process.argv.slice(2);
const { mayCall, usePermit, record } = belbaar(url, key, { milliseconds: 10000 });
const energy = { caller: "voltix", product: "energy" };
const asked = await mayCall({ number: "CONSENTED", ...energy });
const shown = { permit: asked.verdict.permit.token, number: "CONSENTED", presents: "OWN" };
const told = {
  asked: asked.allowed,
  used: (await usePermit(shown)).allowed,
  again: (await usePermit(shown)).problem.code,
  unknown: (await mayCall({ number: "UNKNOWN", ...energy })).allowed,
  mistake: (await mayCall({ number: "12", ...energy })).problem.pointer,
  recorded: (await record({ event: "objection.made", number: "+31201000032", caller: "voltix" })).new,
  refused: await belbaar(url, "bel_0_0").record({}).catch((error) => error instanceof NotRecorded && error.problem.code),
  nobody: (await belbaar(nobody, key, { milliseconds: 300 }).mayCall({ number: "CONSENTED", ...energy })).problem.code,
};
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package with what it needs, as `npm ci` puts it."""
    if not shutil.which("npm"):
        pytest.skip("npm is not on the path")
    folder = tmp_path_factory.mktemp("js") / "client"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    _run(folder, "npm", "ci", "--silent", "--no-audit", "--no-fund")
    return folder


def _run(folder: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_types_are_those_of_the_service_and_they_hold(package):
    described = subprocess.run([sys.executable, "-m", "clients.describe"], cwd=ROOT, capture_output=True, check=True)
    (package / "openapi.json").write_bytes(described.stdout)
    _run(package, "npx", "openapi-typescript", "openapi.json", "--default-non-nullable=false", "-o", "new.d.ts")
    told = "the types are older than the service: make clients"
    assert (package / "new.d.ts").read_text("utf-8") == (package / "schema.d.ts").read_text("utf-8"), told
    _run(package, "npm", "run", "--silent", "check")


def test_a_program_asks_a_running_service_and_nobody(package, service):
    service.post("/v1/events", {**CONSENT, "number": CONSENTED})
    program = PROGRAM.replace("CONSENTED", CONSENTED).replace("UNKNOWN", UNKNOWN).replace("OWN", OWN)
    (package / "program.js").write_text(program, encoding="utf-8")
    told = json.loads(_run(package, "node", "program.js", service.url, service.key, f"http://127.0.0.1:{free_port()}"))
    assert told == {
        "asked": True,
        "used": True,
        "again": "permit-spent",
        "unknown": False,
        "mistake": "/number",
        "recorded": 1,
        "refused": "unauthorised",
        "nobody": "unreachable",
    }
