"""The README's three commands of the service, at whatever hour it is."""

import json
import re
import subprocess
from pathlib import Path

from tests.api.service import serving
from tests.docs.conftest import environment

README = Path(__file__).parents[2] / "README.md"


def test_the_service_in_three_commands(tmp_path):
    section = README.read_text(encoding="utf-8").partition("## The service in three commands")[2].partition("\n## ")[0]
    start, register, ask = re.findall(
        r"^(?:belbaar|curl)(?:.|\n )*", section.partition("```sh\n")[2].partition("```")[0], re.MULTILINE
    )
    assert start.split("#")[0].split() == ["belbaar", "serve"]
    with serving(tmp_path, "belbaar.db", at="") as service:
        env = environment(BELBAAR_KEYS="keys")
        subprocess.run(["bash", "-c", register], cwd=tmp_path, env=env, check=True, capture_output=True)
        here = ask.replace("http://127.0.0.1:8080", service.url).replace("bel_…", service.key)
        said = subprocess.run(["bash", "-c", here], cwd=tmp_path, env=env, check=True, capture_output=True, text=True)
    shown = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])
    answer = json.loads(said.stdout)
    assert {name: answer[name] for name in shown} == shown
