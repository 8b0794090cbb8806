"""What the verifier finds, for belbaar's own front doors: in words of two languages, worst first.

>>> found = findings(b"a file of another kind", lang="nl")
>>> found.code, found.outcome, found.says
(2, 'unreadable', 'Dit kan niet worden nagekeken.')
"""

__all__ = ["Finding", "Findings", "findings", "findings_in_both"]

from dataclasses import dataclass
from typing import Literal

from belbaar.errors import InputError
from belbaar.proof.verifier.dutch import DUTCH
from belbaar.proof.verifier.heads import Trust
from belbaar.proof.verifier.reading import NOT_SHOWN, PROVEN, REFUTED, UNREADABLE, Said, Stop, filled
from belbaar.proof.verifier.sources import verifier_page, verifier_source
from belbaar.proof.verifier.verify import ENDS, Dossier, examined

Outcome = Literal["proven", "refuted", "unreadable", "incomplete"]
_OUTCOMES: dict[int, Outcome] = {
    PROVEN: "proven",
    REFUTED: "refuted",
    UNREADABLE: "unreadable",
    NOT_SHOWN: "incomplete",
}
OTHER_PAGE = "The verify.html in the file is not the one of this belbaar: do not open that one unseen."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what came of it, what it is, what there is to say."""

    outcome: Outcome
    about: str
    says: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found: exit status, outcome, a sentence on the whole, what to know beside it, and one each."""

    code: int
    outcome: Outcome
    says: str
    notes: tuple[str, ...]
    found: tuple[Finding, ...]


def findings(data: bytes, trust: bytes | None = None, *, lang: str = "en") -> Findings:
    """Check a dossier, against keys to trust or its own.

    Args:
        data: the file.
        trust: a list of trusted keys; the file's own where there is none.
        lang: ``nl`` or ``en``.

    Raises:
        InputError: when the list of trusted keys is none.
    """
    if trust is not None:
        _check_trust(trust, lang)
    return _in_words(_looked_over(data, trust), lang)


def findings_in_both(data: bytes) -> dict[str, Findings]:
    """Check a dossier against its own keys, once, and give what was found in either language."""
    dossier = _looked_over(data)
    return {lang: _in_words(dossier, lang) for lang in ("nl", "en")}


def _looked_over(data: bytes, trust: bytes | None = None) -> Dossier:
    dossier = examined(data, trust, verifier_source())
    if dossier.shown.parts.get("verify.html", verifier_page()) != verifier_page():
        dossier.notes.append((OTHER_PAGE,))
    return dossier


def _in_words(dossier: Dossier, lang: str) -> Findings:
    found = (Finding(_OUTCOMES[code], _told(about, lang), _told(said, lang)) for code, about, said in dossier.found)
    notes = tuple(_told(note, lang) for note in dossier.notes)
    code = dossier.code
    return Findings(code, _OUTCOMES[code], _told((ENDS[code],), lang), notes, tuple(found))


def _check_trust(trust: bytes, lang: str) -> None:
    try:
        Trust(trust)
    except (Stop, ValueError) as error:
        reason = _told(error.said, lang) if isinstance(error, Stop) else str(error)
        raise InputError(
            f"this is no list of trusted keys: {reason}.",
            todo="Get the trust.json that the log, its witness or the authority published, as it is.",
            code="bad-trust",
        ) from error


def _told(said: Said, lang: str) -> str:
    return filled((DUTCH.get(said[0], said[0]), *said[1:])) if lang == "nl" else filled(said)
