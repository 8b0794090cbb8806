"""`belbaar demo`: one command, and there is something to look at."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.api.service import environment, free_port
from tests.web.looking import findings, visiting

_SECONDS = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[str]:
    """The demonstration, as the command shows it, on a day and an hour at which calls are made."""
    port = free_port()
    folder = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-m", "belbaar.cli", "demo", "--port", str(port), "--no-browser", "--lang", "nl"],
        cwd=folder, env=environment("2026-11-26 14:00:00"), stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout
        told = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/nl/demo" in told
        _await(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(_SECONDS) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.stdout.close()


def _await(url: str) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(url)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_nothing_is_wrong_with_the_tour(chromium, demo, lang):
    with visiting(chromium, demo) as browser:
        page = browser.new_page()
        page.goto(f"{demo}/{lang}")
        assert not [wrong for path in ("/demo", "/demo/messages") for wrong in findings(page, f"/{lang}{path}")]


def test_whoever_comes_in_sees_the_law_change_for_a_customer(chromium, demo):
    with visiting(chromium, demo, script=False) as browser:
        page = browser.new_page()
        page.goto("/nl/demo")
        page.get_by_role("button", name="An de Vries, compliance officer").click()
        page.goto("/nl/demo")
        card = page.locator("section", has_text="De wet verandert")
        card.get_by_role("button", name="Bekijk dit nummer").click()
        text = page.locator("main").inner_text()
        assert "Mag niet gebeld worden" in text
        assert "30 jun" in text


def test_an_anonymous_call_is_refused_with_the_rule(chromium, demo):
    with visiting(chromium, demo, script=False) as browser:
        page = browser.new_page()
        page.goto("/nl/demo")
        page.get_by_role("button", name="Dirk Visser, auditor").click()
        page.goto("/nl/demo")
        page.get_by_role("button", name="Laat een anoniem gesprek bij de poort komen").click()
        told = page.locator("#anonymous").inner_text()
        assert "Mag niet gebeld worden" in told
        assert "noniem" in told


def test_elsewhere_there_is_no_way_in_without_a_password(service):
    assert httpx.get(f"{service.url}/nl/demo").status_code == 404
    assert httpx.post(f"{service.url}/nl/demo/enter", data={"role": "administrator"}).status_code in (404, 405)


def test_a_demonstration_for_other_machines_is_refused(tmp_path):
    env = environment() | {"BELBAAR_DEMO": str(tmp_path / "messages.jsonl"), "BELBAAR_HOST": "0.0.0.0"}  # noqa: S104
    run = subprocess.run(
        [sys.executable, "-m", "belbaar.cli", "serve", "--port", str(free_port())],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "this machine only" in run.stdout + run.stderr
