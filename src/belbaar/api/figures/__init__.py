"""Figures of an organisation: computed beside the ledger, at night and when somebody asks, and kept with their time.

``computing`` judges all standing of its callers with the rules that lists are judged by; ``keeping`` is the table of what
is wanted and what is there; ``runner`` starts ``working``, a process that computes one and ends.
"""
