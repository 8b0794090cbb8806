"""For AI agents: the service's questions as tools of the Model Context Protocol; the same keys, the same refusals.

``server`` makes a server that asks a running service; ``belbaar mcp`` runs it on standard input and output.
"""

__all__ = ["server"]

from belbaar.mcp.tools import server
