"""The modules of verify.html, against other people's vectors and against those of verify.py."""

import json
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belbaar.proof.verifier.checking import ORDER, ed25519_fits
from belbaar.proof.verifier.reading import Stop, canonical, unzipped, zipped
from tests.proof.test_checking import RFC_8032, SMALL_ORDER
from tests.proof.test_claims import CASES, judged, known_leaves
from tests.proof.test_tree import CONSISTENCY, INCLUSION, VECTORS

BYTES = "const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));"
TRIED = "const tried = async (work) => { try { await work(); return true; } catch { return false; } };"


def hashes(proof):
    return [b64decode(hash_).hex() for hash_ in proof or []]


@pytest.mark.skipif(not INCLUSION, reason=f"no vectors in {VECTORS}")
def test_inclusion_vectors(modules):
    vectors = [json.loads(case.read_text()) for case in INCLUSION]
    given = [
        [v["leafIdx"], v["treeSize"], *hashes([v["leafHash"] or "", v["root"] or ""]), hashes(v["proof"])]
        for v in vectors
    ]
    found = modules.evaluate(
        f"""(given) => {{ {BYTES} {TRIED}
        return Promise.all(given.map(([index, size, leaf, root, proof]) => tried(
            () => rooms.tree.checkInclusion(index, size, bytes(leaf), proof.map(bytes), bytes(root))))) }}""",
        given,
    )
    assert found == [not v["wantErr"] for v in vectors]


@pytest.mark.skipif(not CONSISTENCY, reason=f"no vectors in {VECTORS}")
def test_consistency_vectors_between_two_sizes(modules):
    read = [json.loads(case.read_text()) for case in CONSISTENCY]
    vectors = [v for v in read if v["size1"] != v["size2"]]
    given = [
        [v["size1"], v["size2"], *hashes([v["root1"] or "", v["root2"] or ""]), hashes(v["proof"])] for v in vectors
    ]
    found = modules.evaluate(
        f"""(given) => {{ {BYTES} {TRIED}
        return Promise.all(given.map(([old, size, oldRoot, root, proof]) => tried(
            () => rooms.tree.checkConsistency(old, size, bytes(oldRoot), bytes(root), proof.map(bytes))))) }}""",
        given,
    )
    assert found == [not v["wantErr"] for v in vectors]


def fit(modules, cases):
    given = [[key.hex(), message.decode("latin1"), signature.hex()] for key, message, signature in cases]
    return modules.evaluate(
        f"""(given) => {{ {BYTES}
        return Promise.all(given.map(([key, message, signature]) =>
            rooms.ed25519.ed25519Fits(bytes(key), message, bytes(signature)))) }}""",
        given,
    )


def test_signatures_are_judged_as_verify_py_does(modules):
    vectors = [tuple(bytes.fromhex(part) for part in vector[1:]) for vector in RFC_8032[:2]]
    key, message, signature = vectors[0]
    s = int.from_bytes(signature[32:], "little")
    cases = [*vectors, (key, b"x", signature)]
    cases += [(key, message, signature[:32] + (s + n * ORDER).to_bytes(32, "little")) for n in (1, 2, 7)]
    cases += [(point, b"anything", point + bytes(32)) for point in SMALL_ORDER]
    cases += [(key, message, point + signature[32:]) for point in SMALL_ORDER]
    cases += [(point, message, signature) for point in SMALL_ORDER]
    cases += [(key[:-1], message, signature), (key, message, signature[:-1]), (key, message, b""), (b"", message, b"")]
    for place in range(0, 512, 7):
        broken = (int.from_bytes(signature, "little") ^ (1 << place)).to_bytes(64, "little")
        cases.append((key, message, broken))
    for place in range(0, 256, 7):
        cases.append(((int.from_bytes(key, "little") ^ (1 << place)).to_bytes(32, "little"), message, signature))
    found = fit(modules, cases)
    assert found == [ed25519_fits(*case) for case in cases]
    assert found == [True, True, *[False] * (len(cases) - 2)]


DOCUMENTS = [
    b'{"a":1}',
    b'{"a":1.0}',
    b'{"a":1e3}',
    b'{"a":-0}',
    b'{"a":NaN}',
    b'{"a":null}',
    b'{"a":1,"a":1}',
    b'{"a": 1}',
    b'{"b":1,"a":1}',
    b'{"A":1}',
    b'{"":1}',
    b'{"__proto__":1}',
    b'{"10":1,"9":2}',
    b'{"9":2,"10":1}',
    b"9007199254740991",
    b"9007199254740992",
    b"-9007199254740991",
    b"-9007199254740992",
    b"18014398509481984",
    b"1" * 400,
    b'"\\ud800"',
    b'"\\u00e9"',
    '"é\u2028\x7f😀"'.encode(),
    b'"\\b\\f\\n\\r\\t\\"\\\\\\u0000\\u001f"',
    b'"\\/"',
    b'"\xff"',
    b"\xef\xbb\xbf1",
    b"",
    b"[]",
    b"{}",
    b"[" * 64 + b"]" * 64,
    b"[" * 65 + b"]" * 65,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 64 + b"1" + b"}" * 64,
    b'{"a":' * 65 + b"1" + b"}" * 65,
]


def taken(data):
    try:
        canonical(data)
    except Stop:
        return False
    return True


def taken_by_page(modules, documents):
    asked = f"(given) => {{ {BYTES} {TRIED} return Promise.all(given.map((d) => tried(() => rooms.jcs.canonical(bytes(d))))) }}"
    return modules.evaluate(asked, [data.hex() for data in documents])


def test_json_is_taken_or_refused_as_verify_py_does(modules):
    found = dict(zip(DOCUMENTS, taken_by_page(modules, DOCUMENTS), strict=True))
    assert found == {data: taken(data) for data in DOCUMENTS}


JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6) | st.floats(allow_nan=False) | st.none(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text("aZ_9", max_size=3), parts, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(values=st.lists(JSON, min_size=20, max_size=20), compact=st.booleans())
def test_any_json_is_taken_or_refused_as_verify_py_does(modules, values, compact):
    separators = (",", ":") if compact else None
    written = [
        json.dumps(value, ensure_ascii=False, sort_keys=compact, separators=separators).encode("utf-8", "replace")
        for value in values
    ]
    assert taken_by_page(modules, written) == [taken(data) for data in written]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text("aB-_./", min_size=1, max_size=8), st.binary(max_size=40), max_size=5))
def test_zips_are_written_and_read_alike(modules, parts):
    whole = parts | {"dossier.json": b"", "MANIFEST.sha256": b""}
    zip_ = zipped(whole)
    again, names = modules.evaluate(
        f"""([parts, zip]) => {{ {BYTES}
        const made = new Map(Object.entries(parts).map(([name, data]) => [name, bytes(data)]));
        let names = null;
        try {{ names = [...rooms.zip.unzipped(bytes(zip)).keys()]; }} catch (error) {{ names = error.said[0]; }}
        return [rooms.reading.hex(rooms.zip.zipped(made)), names]; }}""",
        [{name: data.hex() for name, data in whole.items()}, zip_.hex()],
    )
    assert bytes.fromhex(again) == zip_
    try:
        expected = list(unzipped(zip_))
    except Stop as stop:
        expected = stop.said[0]
    assert names == expected


def test_claims_are_judged_as_verify_py_does(modules):
    shown = known_leaves()
    given = {
        "parts": {name: content.hex() for name, content in shown.parts.items()},
        "leaves": shown.leaves,
        "rows": shown.rows,
        "claims": [[kind, claim] for cases in CASES.values() for kind, claim, _ in cases],
    }
    found = modules.evaluate(
        f"""async (given) => {{ {BYTES}
        const shown = new rooms.claims.Shown(), {{ filled, PROVEN }} = rooms.reading;
        for (const [name, content] of Object.entries(given.parts)) shown.parts.set(name, bytes(content));
        for (const each of ["leaves", "rows"])
            for (const [name, item] of Object.entries(given[each])) shown[each].set(name, item);
        const judged = [];
        for (const [kind, claim] of given.claims) {{
            try {{ judged.push([PROVEN, filled(await rooms.claims.CLAIMS.get(kind).check(shown, claim))]); }}
            catch (stop) {{ judged.push([stop.code, filled(stop.said)]); }}
        }}
        return judged; }}""",
        given,
    )
    expected = [judged(shown, kind, claim) for kind, claim in given["claims"]]
    assert [code for code, _ in found] == [code for code, _ in expected]
    for (_, said), (_, says) in zip(found, expected, strict=True):
        assert "[" in says or said == says, "the two write what is no name in their own ways"
