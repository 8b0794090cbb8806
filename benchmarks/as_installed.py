"""``belbaar`` as its users have it: without pandas, which is here for the peers, and which Arrow loads where it can.

python -m benchmarks.as_installed screen …
"""

import sys
from collections.abc import Sequence


class _NoPandas:
    """Finds no pandas, as on a machine that has none."""

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name="pandas")


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoPandas())  # type: ignore[arg-type]
    from belbaar.cli import main

    main()
