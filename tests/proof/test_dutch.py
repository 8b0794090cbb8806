"""The verifier's sentences are all there in Dutch, with the same places for values."""

import ast
from pathlib import Path

import pytest

import belbaar.proof.verifier as room
from belbaar.proof.verifier.claims import ABOUT
from belbaar.proof.verifier.dutch import DUTCH
from belbaar.proof.verifier.findings import OTHER_PAGE
from belbaar.proof.verifier.reading import filled
from belbaar.proof.verifier.verify import ENDS, OTHER_VERIFIER, OWN_KEYS

MODULES = ("reading", "checking", "heads", "claims", "verify")


def constants(nodes):
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def sentences(module):
    """All that a module may say: in need, in Stop, as what a check gives, as what a check is about."""
    for node in ast.walk(ast.parse((Path(room.__file__).parent / f"{module}.py").read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"need", "Stop"}:
                yield from constants(node.args[1:2])
            if name == "check" and isinstance(node.args[0], ast.Tuple):
                yield from constants(node.args[0].elts[:1])
        yield from answers(node)


def answers(node):
    """What a check gives: a tuple that begins with a sentence."""
    given = [node.body] if isinstance(node, ast.Lambda) else []
    if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "Said":
        given = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
    for value in given:
        if isinstance(value, ast.Tuple):
            yield from constants(value.elts[:1])


SAID = {sentence for module in MODULES for sentence in sentences(module)}
SAID |= {
    *ENDS.values(),
    *ABOUT.values(),
    OWN_KEYS,
    OTHER_VERIFIER,
    OTHER_PAGE,
    "claim: {}",
    "it is not made as it should be",
}


def test_every_sentence_is_there_in_dutch_and_none_too_many():
    assert set(DUTCH) == SAID


@pytest.mark.parametrize("sentence", DUTCH, ids=lambda sentence: sentence[:30])
def test_the_dutch_has_the_same_places(sentence):
    assert sentence.count("{}") == DUTCH[sentence].count("{}")


def test_nothing_in_a_file_can_write_on_the_screen_but_what_it_says():
    evil = "\x1b[2J\nproven  all\u202e\u200b" + "x" * 1000
    said = filled(("{} differs", evil))
    assert said.isprintable()
    assert len(said) < 500
    assert filled(("{} and {}", "{}", "{0}")) == "{} and {0}"
