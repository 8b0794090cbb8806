"""Receipts: what a person gets of their consent, as a record of ISO 27560, signed, in words that people read."""
