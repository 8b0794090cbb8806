"""Proof: a log in which nothing can be added, changed or removed unseen, and a dossier that shows it offline.

From the inside out: ``jcs`` canonical bytes, ``commit`` commitments and sealed bodies, ``keystore`` the keys whose
deletion erases, ``tree`` hashes and proofs, ``tiles`` their tables and files, ``note`` and ``checkpoint`` signed heads,
``witness`` and ``tsa`` other people's memories and clocks, ``suppress`` objections that outlive an erasure,
``dossier_zip`` the file that is handed over, ``receipt`` what a person gets, ``retention`` how long what is kept, and
``verifier``, which needs nothing of belbaar.
"""

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

from belbaar.proof.checkpoint import Checkpoint, signed_checkpoint
from belbaar.proof.commit import Body, Leaf, clear_entry, open_sealed, seal
from belbaar.proof.dossier_zip import Anchor, Evidence, ShownLeaf, ShownRow, dossier_zip, sections
from belbaar.proof.keys import Trust
from belbaar.proof.keystore import KeyStore
from belbaar.proof.note_keys import SignerKey, VerifierKey
from belbaar.proof.receipt import Opening, Receipt, as_json_ld, check_receipt, opening, read_receipt, signed_receipt
from belbaar.proof.receipt_kantara import as_kantara
from belbaar.proof.receipt_record import Party, Told
from belbaar.proof.receipt_words import as_page, as_text
from belbaar.proof.retention import last_day_kept, last_day_of, may_go_on
from belbaar.proof.suppress import suppression_tag
from belbaar.proof.tile_files import export
from belbaar.proof.tiles import append
from belbaar.proof.tsa import check_stamp, stamped
from belbaar.proof.verifier import Finding, Findings, findings, verifier_page, verifier_source, verify
from belbaar.proof.witness_http import cosigned, serve_witness
