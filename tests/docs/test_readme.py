"""The README's transcript is what the demo prints."""

from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_transcript_is_what_the_demo_prints(replay, demo_says):
    replay(README, lambda command: demo_says[command])


def test_every_kind_of_outcome_occurs_in_the_demo(demo_says):
    whole = "\n".join(demo_says.values())
    for word in ("nl.consent", "nl.donor", "nl.customer", "nl.objection", "nl.consent-fresh", "nl.consent-verified"):
        assert word in whole
    for word in ("no-ground", "nl.hours", "law-unknown", "precision-lost", "two-numbers"):
        assert word in whole


def test_the_figures_are_the_measured_ones():
    measured = (README.parent / "benchmarks" / "results.md").read_text(encoding="utf-8").splitlines()
    performance = README.read_text(encoding="utf-8").partition("## Performance")[2].partition("\n## ")[0]
    figures = [line for line in performance.splitlines() if line.startswith("|")]
    assert figures
    assert [line for line in figures if line not in measured] == []
