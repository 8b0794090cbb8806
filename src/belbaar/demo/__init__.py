"""A plausible invented organisation, to look at: ``fill`` puts it into an empty store, ``messages`` takes what is sent.

Every name is invented; every number lies where nobody can be called (Dutch subscriber numbers that begin with 1). The same
day gives the same world: what is drawn is drawn from a seed.
"""

__all__ = ["CAST", "MAILS", "call_anonymously", "fill", "messages"]

from belbaar.demo.filling import MAILS, fill
from belbaar.demo.incoming import call_anonymously
from belbaar.demo.messages import messages
from belbaar.demo.world import CAST
