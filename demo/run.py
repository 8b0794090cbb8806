"""The demo: who of this list may be called? ``make story``, or ``python -m demo.run``.

It runs the real commands, shows each as you could type it, and leaves its output in demo/out/ to open.
"""

# ruff: noqa: INP001, T201  a story that is told, and no package

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "demo" / "out"
DATA = "demo/data"
STORE = "demo/out/demo.db"
TUESDAY = "2026-09-08T14:00:00+02:00"
LIST = f"{DATA}/bellijst.csv"


def main() -> None:
    """Tell the story from an empty folder."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for told in (record, screen, one_by_one, another_day, others):
        told()
    print(_WHAT_TO_LOOK_AT)


def record() -> None:
    """Make a store, say who calls, record what is known."""
    say("1. A store, and on whose behalf calls are made.")
    run("init")
    run("caller add voltix --name 'Voltix Energie B.V.' --sector commercial --number +31201990001")
    run("caller add waterdruppel --name 'Stichting Waterdruppel' --sector charity --number +31301990002")
    run("caller add dagpost --name 'Dagpost Uitgevers B.V.' --sector press --number +31101990003")
    say("2. What is known: consents from a form, objections from the mailbox, events from the CRM.")
    run(f"record {DATA}/toestemmingen.csv --event consent.given --caller voltix --product energy")
    run(f"record {DATA}/verzet.txt --event objection.made --caller voltix --at 2026-09-01")
    run(f"record {DATA}/klanten.jsonl")


def screen() -> None:
    """The main job."""
    say("3. The main job: a list as it was sent. Whom may Voltix call about energy, on Tuesday 8 September 2026?")
    run(f"screen {LIST} --caller voltix --product energy --at {TUESDAY} --out demo/out/bellijst.belbaar.csv")


def one_by_one() -> None:
    """Why, for some."""
    say("4. Why? One allowed, in Dutch; one who objected; one customer.")
    ask = f"--caller voltix --product energy --at {TUESDAY}"
    run(f"may-call 020-1000001 {ask} --explain --lang nl")
    run(f"may-call 050-1000020 {ask}")
    run(f"may-call 030-1000023 {ask} --explain")
    say("Who asked to be called may be called in the evening too; others may not.")
    evening = "--caller voltix --product energy --at 2026-09-08T22:30:00+02:00"
    run(f"may-call 050-1000033 {evening}")
    run(f"may-call 020-1000001 {evening}")


def another_day() -> None:
    """What the law of 1 July 2026 changed."""
    say("5. On 1 July 2026 the ground for a company's own customers ended. What did that cost on this list?")
    run(
        f"screen {LIST} --caller voltix --product energy --at 2026-06-30T14:00 --compare 2026-07-01 "
        "--out demo/out/juni.csv"
    )
    run("law diff 2026-06-30 2026-07-01")


def others() -> None:
    """The same list for two callers to whom other rules apply."""
    say("6. The same list for a charity and for a newspaper: donors, volunteers and subscribers may still be called.")
    for caller, product in (("waterdruppel", "water"), ("dagpost", "news.paper")):
        out = f"demo/out/bellijst.{caller}.csv"
        run(f"screen {LIST} --caller {caller} --product {product} --at {TUESDAY} --out {out} | head -n 7")
    say("7. The same as a spreadsheet, to open in Excel or LibreOffice.")
    run(
        f"screen {LIST} --caller voltix --product energy --at {TUESDAY} --out demo/out/bellijst.belbaar.xlsx | head -n 2"
    )


def say(text: str) -> None:
    """Tell a step."""
    print(f"\n# {text}", flush=True)


def run(words: str) -> None:
    """Show a command, and run it; 1 is an answer too ("no"), anything higher is a mistake."""
    print(f"\n$ belbaar {words}", flush=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "BELBAAR_STORE": STORE, "BELBAAR_LANG": "en"}
    done = subprocess.run(f"belbaar {words}", shell=True, cwd=ROOT, env=environment, check=False)  # noqa: S602  our own words
    if done.returncode > 1:
        sys.exit(done.returncode)


_WHAT_TO_LOOK_AT = f"""
What to look at:
- demo/out/bellijst.belbaar.csv (or .xlsx): your columns as they were, then six of belbaar's. Every row is still there.
- belbaar_ground says why a call is lawful, belbaar_until until when, belbaar_reasons why not, belbaar_error what is no number.
- Rows 2 and 11 are one person, written differently. Row 22 consented, then objected: the objection wins.
- Repeat any command above yourself, from this folder, after: export BELBAAR_STORE={STORE} PATH=".venv/bin:$PATH"
- Then: docs/tutorial.md."""

if __name__ == "__main__":
    main()
