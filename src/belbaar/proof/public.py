"""What ``belbaar.proof`` offers: loaded when one of these names is asked of it."""

__all__ = [
    "Anchor",
    "Body",
    "Checkpoint",
    "Evidence",
    "Finding",
    "Findings",
    "KeyStore",
    "Leaf",
    "Opening",
    "Party",
    "Receipt",
    "ShownLeaf",
    "ShownRow",
    "SignerKey",
    "Told",
    "Trust",
    "VerifierKey",
    "append",
    "as_json_ld",
    "as_kantara",
    "as_page",
    "as_text",
    "check_receipt",
    "check_stamp",
    "clear_entry",
    "cosigned",
    "dossier_zip",
    "export",
    "findings",
    "last_day_kept",
    "last_day_of",
    "may_go_on",
    "open_sealed",
    "opening",
    "read_receipt",
    "seal",
    "sections",
    "serve_witness",
    "signed_checkpoint",
    "signed_receipt",
    "stamped",
    "suppression_tag",
    "verifier_page",
    "verifier_source",
    "verify",
]

from belbaar.proof.dossier.zip_file import Anchor, Evidence, ShownLeaf, ShownRow, dossier_zip, sections
from belbaar.proof.entries.commit import Body, Leaf, clear_entry, open_sealed, seal
from belbaar.proof.erasure.retention import last_day_kept, last_day_of, may_go_on
from belbaar.proof.keys.keystore import KeyStore
from belbaar.proof.keys.suppress import suppression_tag
from belbaar.proof.keys.trust import Trust
from belbaar.proof.log.checkpoint import Checkpoint, signed_checkpoint
from belbaar.proof.log.note_keys import SignerKey, VerifierKey
from belbaar.proof.log.tile_files import export
from belbaar.proof.log.tiles import append
from belbaar.proof.outsiders.tsa import check_stamp, stamped
from belbaar.proof.outsiders.witness_http import cosigned, serve_witness
from belbaar.proof.receipt.kantara import as_kantara
from belbaar.proof.receipt.record import Party, Told
from belbaar.proof.receipt.signed import (
    Opening,
    Receipt,
    as_json_ld,
    check_receipt,
    opening,
    read_receipt,
    signed_receipt,
)
from belbaar.proof.receipt.words import as_page, as_text
from belbaar.proof.verifier import Finding, Findings, findings, verifier_page, verifier_source, verify
