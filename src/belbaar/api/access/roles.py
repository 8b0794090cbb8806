"""Who may do what: six roles, each a set of rights; a key may have fewer than its role.

>>> sorted(ROLES["auditor"] & WRITING)
[]
"""

__all__ = ["RIGHTS", "ROLES", "WRITING", "read_rights"]

from collections.abc import Iterable, Mapping

from belbaar.errors import InputError, nearest

RIGHTS: Mapping[str, str] = {
    "ask": "ask whether a number may be called",
    "permit": "get permits for calls, and use them up",
    "record": "record consents, objections and other events",
    "lists": "screen lists",
    "history": "read what is recorded of a number",
    "evidence": "get dossiers and receipts",
    "books": "read callers, agents, products and keys",
    "register": "register callers, numbers and agents",
    "feed": "follow changes, confirm them, and set where they are sent",
    "trace": "work at the trace desk: open cases, read in them who called, decide",
    "answer": "take in complaints and requests of called persons, and answer them",
    "stop": "stop a source: its consents count no more",
    "audit": "read the audit trail, and what connected systems confirmed",
    "administer": "make and revoke keys, accounts and mandates",
}
"""Each right, and what it allows; the law itself is for everybody."""

WRITING = frozenset({"permit", "record", "lists", "register", "feed", "trace", "answer", "stop", "administer"})
"""Rights by which something is written."""

ROLES: Mapping[str, frozenset[str]] = {
    "administrator": frozenset(RIGHTS),
    "officer": frozenset(RIGHTS) - {"administer"},
    "agent": frozenset({"ask", "permit", "record"}),
    "supervisor": frozenset({"ask", "permit", "record", "lists", "history", "books", "answer", "stop"}),
    "integrator": frozenset({"ask", "permit", "record", "lists", "books", "feed"}),
    "auditor": frozenset(RIGHTS) - WRITING,
}
"""The roles: of an organisation's compliance officer, an agent's supervisor, who dials there, a connected system, an auditor."""


def read_rights(role: str, wanted: Iterable[str] = ()) -> frozenset[str]:
    """Give the rights of a role, or those of them that are wanted.

    Raises:
        InputError: for a role or right that there is not, and a right that the role does not have.
    """
    if role not in ROLES:
        raise InputError(f'"{role}" is not a role.', where="role", todo=nearest(role, ROLES))
    rights = frozenset(wanted)
    for right in sorted(rights - ROLES[role]):
        if right not in RIGHTS:
            raise InputError(f'"{right}" is not a right.', where="rights", todo=nearest(right, ROLES[role]))
        raise InputError(f'the role {role} has no right to "{right}".', where="rights", todo="Choose another role.")
    return rights or ROLES[role]
