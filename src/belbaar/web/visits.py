"""A visit: which page is asked for, in which language, and who is signed in."""

__all__ = ["NotSignedIn", "Person", "Visit", "provide_person", "provide_visit", "visit_of"]

from dataclasses import dataclass, replace

from litestar import Request
from litestar.datastructures import State

from belbaar.api.access import Principal, Unauthorised
from belbaar.api.rate import TooMany
from belbaar.api.service import Service
from belbaar.api.watch.seen import seen
from belbaar.clock import now_us
from belbaar.errors import BelbaarError
from belbaar.law.plain import LANGUAGES
from belbaar.web.sessions import STAFF, Cookies

AnyRequest = Request[object, object, State]


class NotSignedIn(BelbaarError):
    """This page is for who is signed in. ``wanted``: the page."""

    default_code = "not-signed-in"

    def __init__(self, wanted: str) -> None:
        super().__init__("this page is for who is signed in.", todo="Sign in.")
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. ``token``: the key that stands for it; ``off``: the rules that are switched off here."""

    principal: Principal
    token: str
    off: tuple[str, ...] = ()

    def may(self, right: str) -> bool:
        """Tell whether it has a right."""
        return right in self.principal.rights


@dataclass(frozen=True, slots=True)
class Visit:
    """What was asked for.

    Args:
        lang: ``nl`` or ``en``.
        path: the page, without the language: ``/law``.
        query: what came after it, without the question mark.
        cookies: those of this visit.
        person: who is signed in; None where nobody is.
    """

    lang: str
    path: str
    query: str
    cookies: Cookies
    person: Person | None

    def to(self, path: str) -> str:
        """Give the address of a page in the language of this one."""
        return f"/{self.lang}{path}"


async def provide_visit(request: AnyRequest, service: Service) -> Visit:
    """Tell what is asked for, and by whom.

    Raises:
        TooMany: when who is signed in asks more than it may.
    """
    visit = visit_of(request, service)
    return replace(visit, person=await _person(service, visit.cookies))


def visit_of(request: AnyRequest, service: Service) -> Visit:
    """Tell what is asked for; not by whom."""
    _, lang, *rest = request.url.path.split("/")
    return Visit(
        lang=lang if lang in LANGUAGES else "nl",
        path="/" + "/".join(rest) if rest else "",
        query=request.url.query,
        cookies=Cookies.of(request, service),
        person=None,
    )


def provide_person(visit: Visit) -> Person:
    """Give who is signed in.

    Raises:
        NotSignedIn: when nobody is.
    """
    if visit.person is None:
        raise NotSignedIn(f"{visit.path}?{visit.query}" if visit.query else visit.path)
    return visit.person


async def _person(service: Service, cookies: Cookies) -> Person | None:
    """Tell whose key the cookie holds, as the ledger has it now."""
    token = cookies.read(STAFF)
    if not token:
        return None
    service.steady.check()
    access, off = await service.readers.reads(
        lambda store: (service.remembered.of(store), tuple(sorted(store.known().switched_off)))
    )
    now = now_us()
    try:
        principal = access.principal(token, now)
    except Unauthorised:
        cookies.end(STAFF)
        return None
    noted = seen()
    noted.key, noted.organisation = principal.id, principal.organisation.id
    if wait := service.buckets.take(principal.id, now=now):
        raise TooMany(wait)
    service.remembered.used[principal.id] = now
    cookies.set(STAFF, token)
    return Person(principal, token, off)
