"""What each problem means that the service can tell of, and what to do: one place for all codes.

Codes are stable; programs act on them. ``/v1/problems/<code>`` tells this to people. A test holds it against the code.
"""

__all__ = ["CODES", "Meaning"]

from collections.abc import Mapping
from typing import NamedTuple

from belbaar.numbers import REFUSALS


class Meaning(NamedTuple):
    """What a code says, and what to do about it."""

    says: str
    todo: str


_KEYS = "Have who runs the service look at the folder of keys: docs/howto/keep-the-log.md"
_LOG = "Do not call. Have who runs the service look at the log: belbaar log check"
_OTHER_PERMIT = "Do not call. Ask for a new verdict."
_SEE = "Look at the field that the pointer names, and send it again."

_REQUESTS = {
    "malformed": Meaning("What was sent is not what this end point takes.", _SEE),
    "bad-input": Meaning("What was sent can be read, and cannot be used.", _SEE),
    "error": Meaning("What was sent cannot be used.", _SEE),
    "not-found": Meaning("There is no such thing, or it is not yours to see.", "Check its id."),
    "method-not-allowed": Meaning("This end point has no such method.", "See the header Allow."),
    "not-for-all": Meaning(
        "What is said of a number alone counts for every organisation here, and yours may not say this.",
        "Have who runs the installation record it, or say that yours may: belbaar organisation trust",
    ),
    "too-large": Meaning("There is more of it than one request may have.", "Send it in several requests."),
    "too-slow": Meaning("What was sent came too slowly.", "Send it again, in one go."),
    "too-many": Meaning("This key asks more often than it may.", "Wait as long as Retry-After says."),
    "taken": Meaning("This id is in use already.", "Choose another id."),
    "key-reused": Meaning("Another request was sent under this Idempotency-Key.", "Use a new key for a new request."),
    "unauthorised": Meaning("No key came along that is good.", "Send it as: Authorization: Bearer bel_…"),
    "sign-in-refused": Meaning("Signing in elsewhere did not come to a good end.", "Begin again."),
    "which-organisation": Meaning(
        "Who signed in elsewhere has accounts of several organisations; details has their ids.",
        "Leave again for one: /v1/sign-in/elsewhere?organisation=…",
    ),
    "setup-invalid": Meaning("The invitation is used up, too old, or none of this service.", "Ask for a new one."),
    "no-session": Meaning("The key is a program's, and no session of a person.", "An administrator takes keys back."),
    "issuer-unavailable": Meaning("Where people sign in does not answer.", "Try again later."),
    "not-signed-in": Meaning("The page is for who is signed in.", "Sign in."),
    "cross-origin": Meaning(
        "A form was sent from a page that is not belbaar's.", "Open the page again, and send it there."
    ),
    "forbidden": Meaning("The key has no right to this.", "Ask an administrator for one that has."),
    "unknown-caller": Meaning("It is not a caller that you may speak for.", "Your callers: GET /v1/callers"),
    "unknown-organisation": Meaning("There is no such organisation on this installation.", "Check its id."),
    "not-your-id": Meaning("A new id must begin with that of your organisation.", "Put it and a dot in front."),
    "key-ended": Meaning("The key is good no more, so it cannot be renewed.", "Make a new one."),
    "unknown-key": Meaning("There is no such key.", "Check its id."),
    "unknown-region": Meaning("There is no such country.", "Give two letters, such as NL."),
    "cursor-unknown": Meaning("This cursor was not given by this service.", "Begin without one."),
    "address-refused": Meaning("Nothing is sent to this address.", "Give one that is reached from outside."),
    "law-unknown": Meaning("No law is installed for the country of this number, or for that day.", "Do not call."),
    "not-in-force": Meaning("There is no such rule in force on that day.", "Ask for another day."),
    "case-ended": Meaning("This case has ended.", "Open a new one for later calls."),
    "case-incomplete": Meaning("The request does not say all that it must.", "Ask for what is missing, and add it."),
    "not-asked": Meaning("In this case no other provider was asked, or asks.", "Look at the case."),
    "other-answer": Meaning("This does not answer what was asked.", "Ask them to answer anew."),
    "other-request": Meaning("This request is for somebody else, or too old.", "Ask them to make it anew."),
    "unknown-provider": Meaning("You registered no such provider.", "Register it: POST /v1/trace/providers"),
    "not-looked": Meaning("Nobody looked yet who made this call.", "Look first, in the case."),
    "form-refused": Meaning("The law refuses this form.", "Mend what the details name, and publish again."),
    "no-way-to-send": Meaning("There is no way to send codes.", "Set one up: docs/howto/ask-for-consent.md"),
    "code-refused": Meaning("It is not the code, or it is too old, or tried too often.", "Have another sent."),
    "call-forgotten": Meaning("The call was long ago; its number is not known here.", "Name it: POST /v1/events"),
    "request-answered": Meaning("The request is answered already.", "Open a new one."),
    "unknown-source": Meaning("No consent of your callers came from it.", "See the names in the figures."),
    "consent-frozen": Meaning("The consent counts no more, so there is no receipt of it.", "See the history."),
    "personal-data": Meaning("A field would hold personal data that has no place there.", "Leave it out."),
}
_LISTS = {
    "bad-name": Meaning("The name of the file does not tell what it is, or is a path.", "Name it as .csv, .xlsx …"),
    "hostile-file": Meaning("The file would unfold to far more than it is.", "Send it as CSV."),
    "too-wide": Meaning("The file has too many columns.", "Export only those that you need."),
    "list-too-heavy": Meaning("The process that screened this list died of it.", "Send it in parts, or as CSV."),
    "not-ready": Meaning("The list is not done yet, or will not be.", "Ask how it stands: GET /v1/lists/{id}"),
    "rows-refused": Meaning("Rows of a file cannot be used, so none was recorded.", "Mend those rows."),
    "objection-unmapped": Meaning("A column seems to hold objections, and was not read as that.", "Say what it holds."),
    "list-damaged": Meaning("The rows kept of a screened list are not those that were screened.", "Ask for a copy."),
}
_PEOPLE = {
    "nothing-chosen": Meaning("No box was ticked.", "Choose what you may be called about, or send nothing."),
    "form.preticked": Meaning("A box began ticked, so it says nothing.", "Show boxes empty."),
    "form-changed": Meaning("The form has changed since it was shown.", "Load the page again."),
    "origin-refused": Meaning("The page is not one on which the form may stand.", "Have its origin listed."),
    "address-needed": Meaning("A mail address is needed, and none that can be used was told.", "Tell one."),
    "code-wrong": Meaning("The code is not right; the details say how many tries are left.", "Try again."),
    "code-expired": Meaning("The code has expired.", "Ask for a new one."),
    "too-many-tries": Meaning("There were too many tries.", "Ask for a new code."),
    "too-many-codes": Meaning("Too many codes were asked.", "Try again in an hour."),
    "portal-ended": Meaning("This session in My number has ended.", "Ask for a new code."),
    "too-soon": Meaning("A code was sent less than a minute ago.", "Wait a little."),
}
_PERMITS = {
    "permit-invalid": Meaning("This is no permit of this service and your organisation.", _OTHER_PERMIT),
    "permit-expired": Meaning("The permit has expired.", _OTHER_PERMIT),
    "permit-spent": Meaning("The permit was used already: it is good for one call.", _OTHER_PERMIT),
    "permit-revoked": Meaning("By what is known now the call may not be made any more.", "Do not call."),
    "permit-other-call": Meaning("The permit is for another number, presented number or campaign.", _OTHER_PERMIT),
}
_EVIDENCE = {
    "erased": Meaning("What was asked for was erased.", "Nothing can be given of it."),
    "no-dossier": Meaning("There is nothing of which a dossier could be.", "Check the number and your callers."),
    "no-consent": Meaning("There is no consent of this person to this caller.", "Check number and caller."),
    "no-wording": Meaning("The text of the consent was not kept.", "Record it with its text."),
    "no-receipt": Meaning("There is no such receipt.", "Make it first."),
    "another-wording": Meaning("Another text was shown than the one that is given.", "Give the text that was shown."),
    "another-person": Meaning("It is of another person.", "Check the number."),
    "party-incomplete": Meaning("What a receipt must say of the caller is missing.", "Register the caller's details."),
    "receipt-forged": Meaning("This receipt was not made by this log, or was changed.", "Do not rely on it."),
    "not-logged": Meaning("There is no entry of it in the log.", "Check which entry it is."),
    "nothing-logged": Meaning("Nothing is in the log yet.", "Record something first."),
    "not-proven": Meaning("What should prove it does not.", "Do not rely on it."),
    "bad-signature": Meaning("A signature is not that of whom it names.", "Do not rely on it."),
    "bad-timestamp": Meaning("A timestamp is not of this, or not of that authority.", "Do not rely on it."),
    "bad-trust": Meaning("The file of what is trusted cannot be used.", _KEYS),
    "no-tsa-root": Meaning("The authority's certificate is not known.", _KEYS),
}
_HOUSE = {
    "internal": Meaning("Belbaar itself made a mistake.", "Do not call. Please report it, with X-Request-Id."),
    "wall-missing": Meaning("The database has no role for readers, so organisations are not walled off.", _KEYS),
    "entries-missing": Meaning("Verdicts were given whose entries are not in the log.", _LOG),
    "store-unavailable": Meaning("The ledger cannot be reached, read or written.", "Do not call; ask again later."),
    "store-busy": Meaning("Somebody else has been writing to the ledger for too long.", "Do not call; ask again."),
    "store-newer": Meaning("The ledger was made by a newer belbaar.", "Have the service brought up to date."),
    "clock-jumped": Meaning("The clock of the service's machine jumped.", "Do not call; wait as Retry-After says."),
    "too-late": Meaning("The ledger did not answer in time.", "Do not call; ask again: that does no harm."),
    "key-missing": Meaning("A key of the log or of a person is missing.", _KEYS),
    "key-mismatch": Meaning("The keys are not those of this ledger.", _KEYS),
    "key-exposed": Meaning("Others can read the file of a secret key.", _KEYS),
    "log-behind": Meaning("The ledger is older than what was published of its log.", _LOG),
    "log-damaged": Meaning("The log is not what was signed.", _LOG),
    "log-forked": Meaning("There are two stories of the log.", _LOG),
}
CODES: Mapping[str, Meaning] = {
    **_REQUESTS,
    **_PERMITS,
    **_LISTS,
    **_PEOPLE,
    **_EVIDENCE,
    **_HOUSE,
    **{code: Meaning(refusal.en, refusal.todo_en) for code, refusal in REFUSALS.items()},
}
"""Each code, what it says, and what to do."""
