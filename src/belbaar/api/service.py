"""One process of the service: its desk, its readers, and what they answer with. Nothing here knows of HTTP."""

__all__ = ["Service", "seen_at", "sending_of"]

import gc
import sys
from collections.abc import Callable
from pathlib import Path

from belbaar.api.access import Principal
from belbaar.api.access.oidc import SignInElsewhere
from belbaar.api.access.passwords import SecondFactor
from belbaar.api.access.remembered import Remembered
from belbaar.api.answering import Answering
from belbaar.api.books import Books
from belbaar.api.cases import Cases
from belbaar.api.consents.capturing import Capturing
from belbaar.api.consents.post_office import PostOffice
from belbaar.api.consents.taking import Taking
from belbaar.api.desk import Desk, Readers
from belbaar.api.feed.deliverer import Deliverer
from belbaar.api.feed.following import Following
from belbaar.api.feed.vault import webhook_vault
from belbaar.api.feed.watch import Watch
from belbaar.api.feed.webhooks import Webhooks
from belbaar.api.figures.denials import Denials
from belbaar.api.figures.runner import FigureRunner
from belbaar.api.gate import Gating, Holdings, Vouching
from belbaar.api.gate.twilio import accounts
from belbaar.api.lists.queueing import Queueing
from belbaar.api.lists.runner import Runner
from belbaar.api.my import My
from belbaar.api.permits import permit_keys
from belbaar.api.permits.using import Using
from belbaar.api.proving import Proving
from belbaar.api.questions import Answer
from belbaar.api.rate import Buckets
from belbaar.api.recording import Recording
from belbaar.api.settings import Settings
from belbaar.api.signing_in import SigningIn
from belbaar.api.steady import Steady
from belbaar.api.tally import Tally
from belbaar.api.trace import Tracing
from belbaar.capture.asking import Sending
from belbaar.capture.sending import Gateway, Mailer
from belbaar.clock import now_us
from belbaar.law import ruleset
from belbaar.law.calendar import local_day
from belbaar.law.program import compile_ruleset
from belbaar.ledger import Store
from belbaar.opening import keys_folder, opened
from belbaar.proof.keys.keyring import Keyring, shared_secret
from belbaar.stir import Verifier, read_signer
from belbaar.trace.hand import trace_key
from belbaar.trace.messages import signing_key
from belbaar.verdict.laws import installed_laws

_YOUNG = 20_000
"""New objects after which Python looks for rubbish among them."""
_TURN = 0.001
"""Seconds after which a thread that waits gets its turn."""


class Service:
    """Guards the threads of one process and their connections.

    Args:
        settings: how it runs.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        folder = keys_folder(settings.store)
        self.issuer = Keyring(folder).origin
        self.permit_keys = permit_keys(folder)
        self.remembered = Remembered()
        self.answering = Answering(self.remembered, self.permit_keys[0], self.issuer)
        self.using = Using(self.remembered, self.permit_keys)
        self.books, self.cases = Books(self.remembered), Cases(shared_secret(folder, "requests"))
        self.gating = Gating(
            self.remembered,
            self.answering,
            self.using,
            shared_secret(folder, "gate"),
            holdings=Holdings() if settings.held == "on" else None,
        )
        self.web_key, self.twilio = shared_secret(folder, "web"), accounts(settings.twilio_secrets)
        self.tracing = Tracing(
            trace_key(folder),
            settings.spool,
            settings.trace_organisation,
            settings.trace_days,
            self.issuer,
            signing_key(folder),
            verifier := _verifier(settings),
        )
        self.buckets, self.public = (Buckets(each / settings.workers) for each in (settings.rate, settings.public_rate))
        self.recording, self.queueing = Recording(self.remembered), Queueing(self.remembered)
        self.following, self.proving = Following(self.remembered), Proving(self.remembered, settings.store)
        self.watch = Watch(self._opener())
        vault = webhook_vault(folder)
        self.webhooks = Webhooks(self.remembered, vault, settings.webhooks_inside)
        self.lists = Runner(
            settings.store, self._opener(), days=settings.list_days, in_memory=settings.list_memory_bytes
        )
        self.figures = FigureRunner(settings.store, self._opener())
        self.steady, self.tally, self.denials, self.vouching = (
            Steady(),
            Tally(),
            Denials(),
            _vouching(settings, verifier),
        )
        self.desk = Desk(self._opener(), settings.seconds, self.steady)
        self.deliverer = Deliverer(
            self.desk, self._opener(), self.watch, self.remembered, vault, inside=settings.webhooks_inside
        )
        self.capturing = Capturing(sending_of(settings, folder))
        self.taking, self.my = Taking(self.capturing), My(self.capturing.sending, self.cases, self.tracing)
        self.post_office = PostOffice(
            self.desk, self._opener(), self.capturing, _gateways(settings), _mailer(settings), _my_number(settings)
        )
        self.readers = Readers(self._reading(), settings.readers, settings.seconds)
        self.signing_in = SigningIn(self.desk, self.readers, SecondFactor(folder, f"belbaar {self.issuer}"))
        away = shared_secret(folder, "away") if settings.oidc_issuer else b""
        self.elsewhere = _elsewhere(settings, away, "/v1/sign-in/back") if away else None
        self.elsewhere_by_page = _elsewhere(settings, away, "/sign-in/back") if away else None

    def start(self) -> None:
        """Begin to answer, with the law of today at hand: compiling it takes longer than anybody waits for an answer."""
        _compile_law(self._opener(), now_us())
        self.desk.start()
        self.readers.start()
        self.watch.start()
        self.deliverer.start()
        self.post_office.start()
        self.lists.start()
        self.figures.start()
        _settle()

    def stop(self) -> None:
        """Answer who waits already, then end."""
        self.lists.stop()
        self.figures.stop()
        self.watch.stop()
        self.deliverer.stop()
        self.post_office.stop()
        self.desk.stop()
        self.readers.stop()

    def gave(self, principal: Principal, answer: Answer) -> None:
        """Note a verdict that is about to be told and acted on: its entry is looked for later, and a no is counted."""
        if answer.entry is not None:
            self.tally.give(answer.entry)
            self.denials.saw(principal.organisation.key, answer)

    def _reading(self) -> Callable[[], Store]:
        """Give what opens the store for those who only read: behind the second wall."""
        opens = self._opener()
        return (lambda: opens().behind_wall()) if self.settings.wall == "on" else opens

    def _opener(self) -> Callable[[], Store]:
        """Give what opens the store, as patient as who waits for an answer."""
        target, patience = self.settings.store, self.settings.seconds
        return lambda: opened(target, patience=patience)


def seen_at(settings: Settings) -> str:
    """Give where the service is seen from outside."""
    return settings.public_url.rstrip("/") or settings.listens


def sending_of(settings: Settings, folder: Path) -> Sending:
    """Give how codes and receipts are sent; ``folder`` is that of the keys."""
    captured_by = f"belbaar {Keyring(folder).origin}"
    return Sending(shared_secret(folder, "capture"), seen_at(settings), captured_by, settings.public_codes)


def _gateways(settings: Settings) -> dict[str, Gateway]:
    return {
        name: Gateway(*(getattr(settings, f"{name}_{each}") for each in ("url", "headers", "body", "secret")))
        for name in ("sms", "voice")
    }


def _my_number(settings: Settings) -> str:
    """Give where people find My number, where it is told how the service is seen from outside."""
    return f"{settings.public_url.rstrip('/')}/nl/my" if settings.public_url else ""


def _mailer(settings: Settings) -> Mailer:
    return Mailer(settings.smtp, settings.smtp_tls, settings.smtp_user, settings.smtp_secret, settings.mail_from)


def _verifier(settings: Settings) -> Verifier | None:
    roots, urls, folder = settings.stir_roots, settings.stir_urls.split(), settings.stir_folder
    return Verifier.of(Path(roots), urls, Path(folder) if folder else None) if roots or urls or folder else None


def _vouching(settings: Settings, verifier: Verifier | None) -> Vouching:
    certificate, key, url = settings.stir_certificate, settings.stir_key, settings.stir_url
    signer = read_signer(Path(certificate), Path(key), url) if certificate or key or url else None
    return Vouching(verifier, signer, held=settings.held == "on")


def _elsewhere(settings: Settings, key: bytes, back: str) -> SignInElsewhere:
    return SignInElsewhere(
        settings.oidc_issuer,
        settings.oidc_client,
        settings.oidc_secret,
        redirect=f"{seen_at(settings)}{back}",
        key=key,
    )


def _settle() -> None:
    """Have Python stop its threads less often, and not for long, while they answer.

    It looks for rubbish less often, and no more among what was loaded, which took a tenth of a second. The desk gets its
    turn within a millisecond each time that the ledger has answered it, whatever the thread that reads requests does.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
    sys.setswitchinterval(_TURN)


def _compile_law(opened: Callable[[], Store], now: int) -> None:
    with opened() as store:
        off = store.known().switched_off
    for law in installed_laws(off=off).values():
        compile_ruleset(ruleset(law, local_day(now, law.pack.zone)))
