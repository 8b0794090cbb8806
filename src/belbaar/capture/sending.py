"""Sending a message: text messages through an HTTP gateway, mails by SMTP. What came of it is said with care.

``sent`` and ``refused`` are what the other side said; ``later`` is what certainly was not taken; ``unsure`` is all else,
such as an answer that never came. Only ``later`` is tried again: nobody gets a message twice.
"""

__all__ = ["Came", "Gateway", "Mailer", "send_mail", "send_sms"]

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal
from urllib.parse import quote

import httpx
import msgspec

from belbaar.capture.messages import Mail
from belbaar.errors import InputError

SECONDS = 10.0
"""How long one message may take."""
_BUSY = (429, 503)
_GREETING, _PERMANENT = 100, 500


@dataclass(frozen=True, slots=True)
class Gateway:
    """An HTTP gateway for text messages.

    Args:
        url: where messages are posted; "": there is none.
        headers: lines ``Name: value``; ``{secret}`` stands for the secret.
        body: what is posted, with ``{to}``, ``{text}`` and ``{id}`` in it, written as its Content-Type asks.
        secret: by which the gateway knows us.
    """

    url: str
    headers: str = ""
    body: str = '{"to": {to}, "text": {text}, "id": {id}}'
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Mailer:
    """A mail server.

    Args:
        server: ``host`` or ``host:port``; "": there is none.
        tls: ``starttls``, ``tls`` from the first byte, or ``none``.
        user: "" where it asks for none.
        secret: the user's password.
        sender: the address from which mails come.
    """

    server: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    secret: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a message, and why; see ``outbox.Outcome``."""

    came: Literal["sent", "later", "refused", "unsure"]
    error: str = ""


def send_sms(gateway: Gateway, recipient: str, text: str, message_id: str) -> Came:
    """Send a text message.

    Args:
        gateway: through which.
        recipient: E.164.
        text: in the alphabet of telephones.
        message_id: the same at every try, so that a gateway may know it again.
    """
    headers = _headers(gateway)
    body = _body(gateway.body, headers["content-type"], {"to": recipient, "text": text, "id": message_id})
    try:
        answer = httpx.post(gateway.url, content=body, headers=headers, timeout=SECONDS, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return Came("later", "connection")
    except httpx.HTTPError as error:
        return Came("unsure", type(error).__name__)
    if answer.is_success:
        return Came("sent")
    if answer.status_code in _BUSY:
        return Came("later", f"http-{answer.status_code}")
    return Came("refused" if answer.is_client_error else "unsure", f"http-{answer.status_code}")


def send_mail(mailer: Mailer, recipient: str, mail: Mail, message_id: str, *, more: "Attached | None" = None) -> Came:
    """Send a mail, its text in plain and in HTML; ``more``: what is attached, and how to stop.

    Whatever happens before the server has all of it was not taken; what happens after that, nobody knows.
    """
    message = _message(mailer, recipient, mail, message_id, more or Attached())
    try:
        with _connected(mailer) as server:
            return _handed(server, message)
    except smtplib.SMTPAuthenticationError:
        return Came("later", "smtp-sign-in")
    except (OSError, smtplib.SMTPException) as error:
        return Came("later", type(error).__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with a mail: pages by name, and a link that stops with one post (RFC 8058)."""

    pages: tuple[tuple[str, str], ...] = ()
    stop: str = ""


def _handed(server: smtplib.SMTP, message: EmailMessage) -> Came:
    try:
        server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        code = _code_of(error)
        return Came("refused" if code >= _PERMANENT else "later", f"smtp-{code}")
    except (OSError, smtplib.SMTPException) as error:
        return Came("unsure", type(error).__name__)
    return Came("sent")


def _code_of(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else _GREETING


def _connected(mailer: Mailer) -> smtplib.SMTP:
    host, _, port = mailer.server.partition(":")
    safe = ssl.create_default_context()
    if mailer.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port or 465), timeout=SECONDS, context=safe)
    else:
        server = smtplib.SMTP(host, int(port or 587), timeout=SECONDS)
        if mailer.tls == "starttls":
            server.starttls(context=safe)
    if mailer.user:
        server.login(mailer.user, mailer.secret)
    return server


def _message(mailer: Mailer, recipient: str, mail: Mail, message_id: str, more: Attached) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = Address("belbaar", addr_spec=mailer.sender)
    message["To"] = recipient
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{message_id}@{mailer.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if more.stop:
        message["List-Unsubscribe"] = f"<{more.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for name, page in more.pages:
        message.add_attachment(page, subtype="html", filename=name)
    return message


def _headers(gateway: Gateway) -> dict[str, str]:
    headers = {"content-type": "application/json"}
    for line in gateway.headers.splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise InputError(f'"{line}" is no header.', where="sms_headers", todo='Write it as "Name: value".')
        if line.strip():
            headers[name.strip().lower()] = value.strip().replace("{secret}", gateway.secret)
    return headers


def _body(template: str, content_type: str, values: dict[str, str]) -> bytes:
    for name, value in values.items():
        written = msgspec.json.encode(value).decode() if "json" in content_type else quote(value, safe="")
        template = template.replace(f"{{{name}}}", written)
    return template.encode()
