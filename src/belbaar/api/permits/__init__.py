"""Permits: a verdict that a dialer can show, good for one call within minutes, and gone with the ground it rests on."""

__all__ = ["Permit", "jwks", "permit_keys", "read_permit", "signed_permit"]

from belbaar.api.permits.token import Permit, jwks, permit_keys, read_permit, signed_permit
