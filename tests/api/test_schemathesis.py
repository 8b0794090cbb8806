"""The whole API against its own description: whatever is sent, belbaar makes no mistake of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import furnish
from tests.api.service import serving

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method"
)


@pytest.mark.slow
def test_nothing_that_is_sent_makes_the_service_fail(folder):
    """Half a minute of examples, of the description's own and of made up ones, as an administrator, who may do all."""
    with serving(folder, "belbaar.db") as service:
        furnish(service)
        # It learns ids from answers, and would take back or end the very key that all is asked with.
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.url}/v1/openapi.json",
                "--header", f"Authorization: Bearer {service.key}", "--checks", CHECKS,
                "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--max-time", "30",
                "--request-timeout", "35", "--seed", "6", "--generation-database", "none", "--no-color",
                "--suppress-health-check", "all", "--exclude-operation-id", "revokeKey",
                "--exclude-operation-id", "rotateKey",
            ],
            cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        assert service.get("/v1/changes").status_code == 200  # the key is good still
        log = (folder / "serve.log").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:] + log[-1000:]
    assert '"level":"error"' not in log
