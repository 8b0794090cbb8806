"""A service with its pages, and persons who are signed in."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.api.conftest import furnish
from tests.api.service import Service, serving
from tests.api.test_accounts import Person

AN = {"email": "an@voltix.example", "name": "An de Vries", "role": "officer"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a caller, who has the consent of one person."""
    with serving(tmp_path_factory.mktemp("pages"), "belbaar.db") as started:
        furnish(started)
        yield started


@pytest.fixture(scope="module")
def signs_in(service: Service) -> Callable[..., dict[str, str]]:
    """Have a person with a role sign in; gives the cookies of its browser. Each role is one person a module.

    With ``key``, an administrator's of another organisation, it is a person there.
    """
    known: dict[tuple[str, str], dict[str, str]] = {}

    def enter(role: str = "officer", key: str = "") -> dict[str, str]:
        if (role, key) not in known:
            known[role, key] = _entered(service, role, key)
        return known[role, key]

    return enter


def _entered(service: Service, role: str, key: str = "") -> dict[str, str]:
    email = f"{role}@{'others' if key else 'voltix'}.example"
    invited = service.post("/v1/accounts", {**AN, "email": email, "role": role}, key=key).json()
    person = Person(service, email, invited["invitation"])
    assert person.answer.status_code == 200, person.answer.text
    form = {"email": email, "password": person.password, "code": person.code(), "next": "/law"}
    answer = httpx.post(f"{service.url}/nl/sign-in", data=form, timeout=20)
    assert answer.status_code == 303, answer.text
    return dict(answer.cookies)
