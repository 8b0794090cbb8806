"""Erasure: what may go and what stays and until when, doing it, and searching for what is left."""
