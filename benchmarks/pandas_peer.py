"""The peer: a careful script with pandas and phonenumbers that gives a list the same columns, for this very question.

    python -m benchmarks.pandas_peer LIST.csv STANDING.parquet OUT.csv

It reads the numbers with phonenumbers one distinct cell at a time, merges with the standing (from Parquet, the best case
for pandas), and judges with whole-column numpy. The rules are written by hand, for one caller (commercial), one product
(energy), voice, and one moment: 2026-09-08 14:00 in Amsterdam. It shares no code with belbaar.
"""

import re
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import phonenumbers

MOMENT = pd.Timestamp("2026-09-08T14:00:00+02:00")
AT = MOMENT.value // 1000
TODAY = MOMENT.to_pydatetime().date().toordinal()
FOREVER_DAY = 3_652_059
CONSENT, DESCRIPTION, OBJECTION = 1, 6, 7
LEGAL = 2
DEFECTS = ("nl.consent-fresh", "nl.consent-until", "nl.consent-verified", "nl.consent-wording")

_BEHIND = re.compile(r"\s*\([^()\d]*\d*\s*[^()\d]*\)\s*$")
_FLOAT = re.compile(r"\.0$")


def read_number(raw: str) -> tuple[int, str]:
    """Read one cell: the number (0 if unreadable) and the refusal's code."""
    text = raw.strip().lstrip("'")
    if not text:
        return 0, "empty"
    if re.search(r"\dE\+\d", text):
        return 0, "precision-lost"
    text = _FLOAT.sub("", _BEHIND.sub("", text)) if text.endswith((")", ".0")) else text
    if "/" in text and len(re.sub(r"\D", "", text)) > 15:
        return 0, "two-numbers"
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        return 0, "not-a-number"
    if not phonenumbers.is_valid_number(number):
        return 0, "too-short" if phonenumbers.is_possible_number_with_reason(number) == 2 else "not-valid"
    return int(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)), ""


def read_numbers(cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column, each distinct text once."""
    distinct = {text: read_number(text) for text in cells.unique()}
    read = cells.map(distinct)
    return read.str[0].astype("int64"), read.str[1]


def judge(standing: pd.DataFrame) -> pd.DataFrame:
    """Judge every number of the standing, a row each."""
    live = standing[(standing["since"] <= AT) & (standing["ended"] > AT) & standing["caller"].isin([0, 1])]
    consents = live[(live["fact"] == CONSENT) & live["product"].isin([0, 1])].copy()
    fails = {
        "nl.consent-fresh": (consents["contacted_at"] >= AT) & (consents["contact_by"] < TODAY),
        "nl.consent-until": consents["last_day"] < TODAY,
        "nl.consent-verified": consents["verified_at"] > AT,
        "nl.consent-wording": consents["wording_kept"] == 0,
    }
    valid = (consents["affirmative"] == 1) & (consents["bundled"] == 0) & (consents["by_voice"] == 1)
    for name, failed in fails.items():
        consents[name] = failed
        valid &= ~failed
    consents["valid"] = valid
    fresh_for = np.where(consents["contacted_at"] < AT, FOREVER_DAY, consents["contact_by"])
    consents["lasts"] = np.where(valid, np.minimum(fresh_for, consents["last_day"]), 0)
    consents["valid_since"] = np.where(valid, consents["since"], 0)
    numbers = consents.groupby("number", sort=False)
    answers = numbers[[*DEFECTS, "valid", "lasts", "valid_since"]].max()
    objections = live[live["fact"] == OBJECTION].groupby("number")["since"].max().rename("objected")
    legal = live[(live["fact"] == DESCRIPTION) & (live["subscriber"] == LEGAL)].groupby("number").size().rename("legal")
    answers = answers.join([objections, legal], how="outer")
    for name in (*DEFECTS, "valid"):
        answers[name] = answers[name].eq(other=True)
    answers[["lasts", "valid_since", "objected", "legal"]] = (
        answers[["lasts", "valid_since", "objected", "legal"]].fillna(0).astype("int64")
    )
    vetoed = (answers["objected"] > 0) & (answers["objected"] >= answers["valid_since"])
    answers["ground"] = np.select([answers["valid"], answers["legal"] > 0], ["nl.consent", "nl.legal-person"], "")
    answers["allowed"] = (answers["ground"] != "") & ~vetoed
    last = np.where(answers["legal"] > 0, FOREVER_DAY, answers["lasts"])
    answers["until"] = np.where(answers["allowed"], last, FOREVER_DAY)
    answers["reasons"] = _joined(answers, vetoed)
    return answers[["allowed", "ground", "until", "reasons"]]


def _joined(answers: pd.DataFrame, vetoed: pd.Series) -> pd.Series:
    code = vetoed.astype(int)
    for place, name in enumerate(DEFECTS, 1):
        code += answers[name].astype(int) * (1 << place)
    names = ("nl.objection", *DEFECTS)
    texts = {c: " ".join(name for place, name in enumerate(names) if c >> place & 1) for c in code.unique()}
    return code.map(texts)


def midnights(days: pd.Series) -> pd.Series:
    """Write the midnight after each day as ISO 8601 with offset, each distinct day once."""
    zone = ZoneInfo("Europe/Amsterdam")

    def text(day: int) -> str:
        if day >= FOREVER_DAY:
            return ""
        date = pd.Timestamp.fromordinal(int(day) + 1)
        return date.to_pydatetime().replace(tzinfo=zone).isoformat()

    return days.map({day: text(day) for day in days.unique()})


def screen(path: Path, standing: Path, out: Path) -> int:
    """Screen a list; gives how many rows may be called."""
    rows = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    rows["number"], rows["error"] = read_numbers(rows["Telefoonnummer"])
    rows.loc[(rows["number"] > 0) & ~rows["number"].astype(str).str.startswith("31"), "error"] = "law-unknown"
    answers = judge(pd.read_parquet(standing))
    rows = rows.merge(answers, how="left", left_on="number", right_index=True)
    rows["allowed"] = rows["allowed"].eq(other=True) & (rows["error"] == "")
    rows["ground"] = rows["ground"].fillna("")
    rows["reasons"] = rows["reasons"].fillna("")
    rows["until"] = midnights(rows["until"].fillna(FOREVER_DAY))
    rows["number"] = np.where(rows["number"] > 0, "+" + rows["number"].astype(str), "")
    rows["allowed"] = np.where(rows["allowed"], "true", "false")
    columns = [f"belbaar_{name}" for name in ("number", "allowed", "ground", "until", "reasons", "error")]
    rows.columns = [*rows.columns[:4], "belbaar_number", "belbaar_error", *("belbaar_" + c for c in rows.columns[6:])]
    rows[[*rows.columns[:4], *columns]].to_csv(out, sep=";", index=False, lineterminator="\r\n")
    return int((rows["belbaar_allowed"] == "true").sum())


if __name__ == "__main__":
    print(screen(*map(Path, sys.argv[1:4])))
