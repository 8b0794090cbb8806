"""How tests are spread over pytest's workers: those that share something that takes seconds to start go to one of them.

xdist's own groups (``--dist loadgroup``) do not take hold with pytest 9.2: they are written where it no longer looks.
"""

from xdist.scheduler import LoadScopeScheduling

SHARING = ("tests/api/", "tests/capture/", "tests/client/", "tests/quarrel/", "tests/sip/", "tests/web/")
"""Folders in which the tests of a module share a service, on each store its own."""
SPARK = "tests/spark/"
"""All tests of Spark share one JVM."""


class Spreading(LoadScopeScheduling):
    """Gives a worker what belongs together, and everything else to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        """Tell what a test belongs to: a JVM, a module on a store, or nothing but itself.

        >>> Spreading._split_scope(None, "tests/api/test_lists.py::test_a[x-postgres]")
        'tests/api/test_lists.py postgres'
        >>> Spreading._split_scope(None, "tests/unit/test_a.py::test_a[1]")
        'tests/unit/test_a.py::test_a[1]'
        """
        path, _, test = nodeid.partition("::")
        if path.startswith(SPARK):
            return SPARK
        if not path.startswith(SHARING):
            return nodeid
        parameters = test.partition("[")[2].rstrip("]").replace(",", "-").split("-")
        return f"{path} {next((each for each in parameters if each in ('sqlite', 'postgres')), '')}".rstrip()
