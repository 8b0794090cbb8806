"""Who vouches for the number shown: the signature that a call brings is judged, and a call that passes is signed.

Both are done outside the write transaction: a certificate may have to be fetched, and nobody waits for that behind a lock.
"""

__all__ = ["Vouching"]

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from belbaar.api.gate.questions import GateAnswer, GateQuestion, number_in
from belbaar.api.gate.refusals import refused
from belbaar.api.watch.metrics import count_signature
from belbaar.stir import Call, Flaw, Signer, Verifier
from belbaar.stir.flaws import NO_IDENTITY, UNTRUSTED

_PATIENCE = 0.4
"""Seconds to wait for a certificate: a gate that has no answer within one asks nothing for three."""


@dataclass(frozen=True, slots=True, eq=False)
class Vouching:
    """Judges and signs.

    Args:
        verifier: judges signatures; None: they are left to others.
        signer: signs; None: nothing is signed.
        held: whether calls pass only with a number that its caller has shown to hold.
    """

    verifier: Verifier | None
    signer: Signer | None
    held: bool

    async def objects(self, question: GateQuestion, at: int) -> GateAnswer | None:
        """Give a refusal where a call's signature does not hold, or one is missing that must be there; else None.

        ``at``: UTC microseconds.
        """
        if not question.identity:
            return refused(NO_IDENTITY) if question.signed else None
        if self.verifier is None:
            return refused(UNTRUSTED) if question.signed else None
        presented, called = number_in(question.presented), number_in(question.called)
        if presented is None or called is None:
            return None  # that is refused all the same, and says so better
        call = Call(str(presented), str(called), at, question.date)
        came = await self.verifier.says(question.identity, call, _PATIENCE)
        if isinstance(came, Flaw):
            count_signature("judged", came.cause)
            return refused(came.cause, text=came.text)
        if came:
            count_signature("judged", came.attest or "valid")
        return refused(NO_IDENTITY) if question.signed and came is None else None

    def signed(self, question: GateQuestion, answer: GateAnswer, at: int) -> GateAnswer:
        """Put a signature to an answer that lets a call pass, where it brings none.

        It vouches for the right to the number (A) where only held numbers pass, else for who calls (B). Its ``origid`` is the
        permit's id, as a UUID of version 4: six of its bits say so, the others find the permit again.
        """
        if self.signer is None or not answer.allow or question.identity:
            return answer
        presented, called = number_in(question.presented), number_in(question.called)
        if presented is None or called is None:
            return answer
        origin = UUID(hex=answer.permit.partition(".")[0], version=4)
        attest: Literal["A", "B"] = "A" if self.held else "B"
        header = self.signer.signs(str(presented), str(called), attest, origin, at)
        count_signature("made", attest if header else "")
        return msgspec.structs.replace(answer, identity=header)
