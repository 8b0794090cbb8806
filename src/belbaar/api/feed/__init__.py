"""The feed: what was recorded reaches every connected system, by asking or by webhook, and each confirms it.

Rooms: ``changes`` (who may hear of what), ``watch`` (when there is news), ``following`` and ``confirming`` (keys that
follow), ``webhooks``, ``outbox`` and ``deliverer`` (those that are told), ``confirmations`` (who has confirmed what).
"""
