"""May I call this number, on what lawful ground, and can I prove it?

Rooms, in the order data walks through them: ``tables`` (files people send), ``numbers`` (messy to exact),
``ledger`` (events and standing), ``law`` (dated rules), ``verdict`` (one number or a list), ``cli`` (the front door).
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
