"""Proofs: dossiers for a regulator or a judge, receipts for the person."""

__all__ = ["ROUTES"]

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Response, post

from belbaar.api.access import Principal
from belbaar.api.proving import DossierAsked, ReceiptAsked
from belbaar.api.service import Service
from belbaar.proof.log.note_keys import VerifierKey
from belbaar.proof.receipt.issuing import Written
from belbaar.proof.receipt.kantara import as_kantara
from belbaar.proof.receipt.signed import as_json_ld
from belbaar.proof.receipt.words import as_page, as_text

_PROVEN = {0: "all", 1: "refuted", 3: "partly"}
"""What came of checking a dossier, by the verifier's exit status."""
_FORMS: Mapping[str, tuple[str, Callable[[Written, VerifierKey], bytes]]] = {
    "json-ld": ("application/ld+json", lambda made, _: msgspec.json.encode(as_json_ld(made.receipt))),
    "kantara": ("application/json", lambda made, key: msgspec.json.encode(as_kantara(made.receipt, key))),
    "signed": ("text/plain; charset=utf-8", lambda made, _: made.text.encode()),
    "text": ("text/plain; charset=utf-8", lambda made, _: as_text(made.receipt).encode()),
    "page": ("text/html; charset=utf-8", lambda made, _: as_page(made.receipt).encode()),
}


@post(
    "/v1/dossiers",
    status_code=200,
    operation_id="makeDossier",
    tags=["Proofs"],
    summary="All evidence on a number, a call or a screened list, in one file.",
    opt={"gives": ("application/zip",)},
)
async def make_dossier(data: DossierAsked, principal: Principal, service: Service) -> Response[bytes]:
    """Give a zip that proves itself offline. That it was made is an entry of the log.

    It holds what concerns your callers. Of what is about the number alone, such as an objection to all callers, and was
    recorded by another organisation, it holds that it happened and when, and not who recorded it.

    ``Belbaar-Proven`` says what came of checking it: ``all``, ``partly`` (something is not shown) or ``refuted``.
    """
    principal.needs("evidence")
    made = await service.proving.dossier(principal, data)
    headers = {
        "Belbaar-Proven": _PROVEN[made.code],
        "Content-Disposition": 'attachment; filename="dossier.zip"',
        "Repr-Digest": _digest(made.content),
    }
    return Response(made.content, media_type="application/zip", headers=headers)


@post(
    "/v1/receipts",
    status_code=200,
    operation_id="makeReceipt",
    tags=["Proofs"],
    summary="The receipt of a person's consent.",
    opt={"gives": tuple(dict.fromkeys(media_type.partition(";")[0] for media_type, _ in _FORMS.values()))},
)
async def make_receipt(data: ReceiptAsked, principal: Principal, service: Service) -> Response[bytes]:
    """Make the receipt of the newest consent that a person gave to one of your callers; that is logged.

    Send it to the person over the channel of the consent, and record that: ``receipt.delivered`` with its SHA-256, which
    the header ``Belbaar-Receipt`` tells.
    """
    principal.needs("evidence")
    made, key = await service.proving.receipt(principal, data)
    media_type, written = _FORMS[data.form]
    headers: dict[str, Any] = {"Belbaar-Receipt": made.sha256}
    return Response(written(made, key), media_type=media_type, headers=headers)


def _digest(content: bytes) -> str:
    """Write a digest as RFC 9530 has it."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


ROUTES = (make_dossier, make_receipt)
