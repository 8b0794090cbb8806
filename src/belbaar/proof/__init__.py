"""Proof: a log in which nothing can be added, changed or removed unseen, and a dossier that shows it offline.

From the inside out: ``jcs`` canonical bytes, ``commit`` commitments and sealed bodies, ``tree`` hashes and proofs,
``tiles`` their tables and files, ``note`` signed heads, ``witness`` and ``tsa`` other people's memories and clocks,
``dossier_zip`` the file that is handed over, and ``verifier/verify.py``, which needs nothing of belbaar.
"""

__all__: list[str] = []
