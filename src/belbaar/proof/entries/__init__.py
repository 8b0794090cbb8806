"""Entries: canonical bytes, commitments and sealed bodies; what an event or a verdict says, and opening it again."""
