"""The gate in the path of calls: Kamailio, with a configuration that belbaar writes.

    $ belbaar sip config gate.toml --out gate.cfg

It asks the service (``POST /v1/gate``) about each new call. What it decides itself is in ``gate.cfg`` beside this, with
the reasons.
"""

__all__ = ["Gate", "Trunk", "check_written", "read_gate", "write_gate", "written"]

from belbaar.sip.settings import Gate, Trunk, read_gate
from belbaar.sip.writing import check_written, write_gate, written
