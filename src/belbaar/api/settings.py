"""What the service is told: by the environment, by a file, or left as it is.

``BELBAAR_CONFIG`` names a TOML file; its names are those below, and ``BELBAAR_`` with the name in capitals goes before
it. What is unknown or malformed is refused when the service starts.

    >>> read_settings({"BELBAAR_STORE": "postgresql://localhost/belbaar", "BELBAAR_WORKERS": "2"}).workers
    2
"""

__all__ = ["NAMES", "Settings", "effective", "read_settings", "shown_settings"]

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from belbaar.errors import InputError, nearest

_PREFIX = "BELBAAR_"
_PASSWORD = re.compile(r"(?<=:)(?!//)[^:/?#]*(?=@)|(?<=password=)[^&]*")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service runs.

    Args:
        store: the ledger: a file, or ``postgresql://host/name``.
        host: the address to listen on.
        port: the port to listen on.
        workers: processes that answer; more than one is for PostgreSQL.
        readers: threads of each process that answer what changes nothing.
        seconds: how long anybody waits for an answer before it is a refusal.
        rate: requests a second that one key may make, over all processes; 0: any number.
        body_bytes: the most bytes of a request, uploads apart.
        upload_bytes: the most bytes of an upload.
        list_days: days for which the files of a list that was screened are kept.
        list_memory_bytes: bytes of a list up to which its rows are held in memory while it is screened.
        wall: ``on``: readers see only rows of who asks, by PostgreSQL's own row-level security too; ``off``: not so.
        held: ``on``: at the gate calls may only show numbers that the caller has shown to hold; ``off``: registered ones.
        log: ``json`` for programs, ``text`` for people, ``none``.
        metrics: who may read ``/metrics``: ``key``, who has one with the right to it, or ``open``, whoever gets there.
        telemetry: where OpenTelemetry traces are sent, such as ``http://localhost:4318``; "": nowhere.
        webhooks_inside: whether webhooks may lead into the service's own network.
        public_url: where the service is seen from outside, for links.
        oidc_issuer: where people sign in by OpenID Connect; "": with passwords only.
        oidc_client: by which that place knows this installation.
        oidc_secret: by which that is shown.
        trace_spool: the folder in which the proxy of incoming calls writes them down; "": there is none.
        trace_organisation: the id of the organisation whose subscribers are called; "": the first one.
        trace_days: days for which incoming calls are kept that nobody marked or asks about.
        proxies: reverse proxies before the service, whose ``X-Forwarded-For`` is believed.
        public_rate: requests a second without a key from one place, a /24 or /48, over all processes.
        public_codes: codes that may be asked from one place in an hour.
        sms_url: an HTTP gateway for text messages; "": none are sent.
        sms_headers: lines ``Name: value`` for it; ``{secret}`` stands for ``sms_secret``.
        sms_body: what is posted to it, with ``{to}``, ``{text}`` and ``{id}`` in it, as its Content-Type asks.
        sms_secret: by which it knows this installation.
        voice_url: an HTTP gateway that calls and reads a text aloud, for numbers that get no text messages; "": none.
        voice_headers: as ``sms_headers``, with ``voice_secret``.
        voice_body: as ``sms_body``.
        voice_secret: by which it knows this installation.
        smtp: a mail server, ``host:port``; "": no mails are sent.
        smtp_tls: ``starttls``, ``tls`` from the first byte, or ``none``.
        smtp_user: "" where it asks for none.
        smtp_secret: the user's password.
        mail_from: the address from which mails come.
        twilio_secrets: accounts of Twilio whose webhooks ask the gate, each ``AccountSid:auth token:key``; "": none.
        stir_roots: the certificates of authorities whose signatures of callers' numbers count, one PEM file; "": none is judged.
        stir_urls: from where certificates may be fetched, each to the end of a folder, blanks between them.
        stir_folder: a folder in which they are looked for first, by host and path; "": there is none.
        stir_certificate: with which calls that are let through are signed, a PEM file; "": they are not.
        stir_key: the file of its key, readable by its owner only.
        stir_url: where others get that certificate.
        demo: the file of messages of a demonstration, in which everybody may come in; "": this is none.
    """

    store: str = "belbaar.db"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080
    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    readers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 2.0
    rate: Annotated[int, msgspec.Meta(ge=0)] = 0
    body_bytes: Annotated[int, msgspec.Meta(ge=1024)] = 16 * 1024 * 1024
    upload_bytes: Annotated[int, msgspec.Meta(ge=1024)] = 1024 * 1024 * 1024
    list_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7
    list_memory_bytes: Annotated[int, msgspec.Meta(ge=0)] = 100_000_000
    wall: Literal["on", "off"] = "on"
    held: Literal["on", "off"] = "on"
    log: Literal["json", "text", "none"] = "json"
    metrics: Literal["key", "open"] = "key"
    telemetry: str = ""
    webhooks_inside: bool = False
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    trace_spool: str = ""
    trace_organisation: str = ""
    trace_days: Annotated[int, msgspec.Meta(ge=1, le=183)] = 42
    proxies: Annotated[int, msgspec.Meta(ge=0, le=8)] = 0
    public_rate: Annotated[int, msgspec.Meta(ge=1)] = 10
    public_codes: Annotated[int, msgspec.Meta(ge=1)] = 60
    sms_url: str = ""
    sms_headers: str = ""
    sms_body: str = '{"to": {to}, "text": {text}, "id": {id}}'
    sms_secret: str = ""
    voice_url: str = ""
    voice_headers: str = ""
    voice_body: str = '{"to": {to}, "text": {text}, "id": {id}}'
    voice_secret: str = ""
    smtp: str = ""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_secret: str = ""
    mail_from: str = ""
    twilio_secrets: str = ""
    stir_roots: str = ""
    stir_urls: str = ""
    stir_folder: str = ""
    stir_certificate: str = ""
    stir_key: str = ""
    stir_url: str = ""
    demo: str = ""

    @property
    def listens(self) -> str:
        """Where it listens, as a URL."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def spool(self) -> Path | None:
        """The folder of ``trace_spool``."""
        return Path(self.trace_spool) if self.trace_spool else None


NAMES = Settings.__struct_fields__
"""All settings, by name."""


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Read what the service is told.

    Args:
        environment: the variables of the process.
        given: what the command line says; goes before all else where it is not None.

    Raises:
        InputError: names the setting and what is wrong with it.
    """
    path = environment.get(f"{_PREFIX}CONFIG", "")
    values: dict[str, Any] = _file(Path(path)) if path else {}
    values |= {name: environment[key] for name in NAMES if environment.get(key := f"{_PREFIX}{name.upper()}")}
    values |= {name: value for name, value in given.items() if value is not None}
    for name in values:
        if name not in NAMES:
            raise InputError(f'"{name}" is not a setting.', where=path, todo=nearest(name, NAMES))
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        what, _, name = str(error).rstrip("`").partition(" - at `$.")
        where = f"{path}, {name}" if path and name else name or path
        raise InputError(
            f"this setting cannot be used: {what}.", where=where, todo="See: belbaar serve --help"
        ) from error


def effective(environment: Mapping[str, str], **given: object) -> dict[str, dict[str, Any]]:
    """Give each setting in force, as ``value``, and where it comes ``from``; secrets are masked.

    Raises:
        InputError: as ``read_settings``.
    """
    settings = read_settings(environment, **given)
    path = environment.get(f"{_PREFIX}CONFIG", "")
    origins = dict.fromkeys(_file(Path(path)), Path(path).name) if path else {}
    origins |= {name: key for name in NAMES if environment.get(key := f"{_PREFIX}{name.upper()}")}
    origins |= {name: "command line" for name, value in given.items() if value is not None}
    return {
        name: {"value": _shown(name, getattr(settings, name)), "from": origins.get(name, "default")} for name in NAMES
    }


def shown_settings(settings: Settings) -> dict[str, object]:
    """Give each setting in force; secrets are masked."""
    return {name: _shown(name, getattr(settings, name)) for name in NAMES}


def _shown(name: str, value: object) -> object:
    """Mask what is secret: a setting of that name, and the password in a URL, before its host or among its options."""
    if not isinstance(value, str):
        return value
    return "…" if value and "secret" in name else _PASSWORD.sub("…", value)


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("the settings cannot be read.", where=str(path), todo="Check BELBAAR_CONFIG.") from error
    except ValueError as error:
        raise InputError(f"this is not TOML: {error}", where=str(path)) from error
