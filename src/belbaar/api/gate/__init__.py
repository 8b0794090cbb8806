"""The gate: may this SIP call pass? Who calls is found out by the number shown, and the answer is a SIP one."""

__all__ = ["Campaign", "GateAnswer", "GateQuestion", "Gating", "Holdings", "Vouching"]

from belbaar.api.gate.gating import Gating
from belbaar.api.gate.held import Holdings
from belbaar.api.gate.questions import GateAnswer, GateQuestion
from belbaar.api.gate.vouching import Vouching
from belbaar.ledger.campaigns import Campaign
