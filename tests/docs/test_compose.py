"""The compose file for people with containers says what belbaar needs."""

import re
from pathlib import Path

import yaml

from tests.postgres import OLDEST

SERVICE = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8"))["services"][
    "postgres"
]


def test_its_postgresql_is_new_enough():
    assert int(re.search(r":-(\d+)", SERVICE["image"])[1]) >= OLDEST


def test_it_is_reached_from_this_machine_only_and_wants_a_password():
    assert all(port.startswith("127.0.0.1:") for port in SERVICE["ports"])
    assert ":?" in SERVICE["environment"]["POSTGRES_PASSWORD"]


def test_it_keeps_its_data_and_says_when_it_is_ready():
    assert SERVICE["environment"]["PGDATA"].startswith(SERVICE["volumes"][0].partition(":")[2])
    assert SERVICE["healthcheck"]["test"][1] == "pg_isready"
