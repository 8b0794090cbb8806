"""What `row_hashes.tile_roots` does with hashlib, 256 rows side by side, for those who installed belbaar[fast].

The steps of SHA-256 (FIPS 180-4) follow one upon the other, so one message cannot be hashed faster. Many can: each step
is done on a row of 256 words, one of each message, and the processor takes sixteen of them at a time. It takes a fifth
of hashlib's time, and leaves Python free meanwhile. The loops are plain Python that numba compiles.
"""

__all__ = ["tile_roots"]

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from belbaar.compiled import compiled

_Numbers = npt.NDArray[np.int64]
_Places = npt.NDArray[np.int32]
_Bytes = npt.NDArray[np.uint8]
_Words = npt.NDArray[np.uint32]
"""A column for each message, or hash; a row for each of its words."""

_LANES = 256
_WORDS, _ROUNDS, _BLOCK = 8, 64, 64
_KEY, _LEAF_BITS, _NODE_BITS = 32, 33 * 8, 65 * 8
_DIGITS, _END = 20, 9
"""Bytes that a number takes at most, and that stand behind a message: one bit, and its length."""
_TEN, _ZERO = 10, 48
_PRIMES = [n for n in range(2, 312) if all(n % divisor for divisor in range(2, n))]
_START: _Words = np.array([int(prime ** (1 / 2) % 1 * 2**32) for prime in _PRIMES[:_WORDS]], np.uint32)
_ADDED: _Words = np.array([int(prime ** (1 / 3) % 1 * 2**32) for prime in _PRIMES], np.uint32)


def tile_roots(keys: bytes, numbers: _Numbers, places: _Places, texts: Sequence[bytes]) -> bytes:
    """Give the roots of full tiles.

    Args:
        keys: of the rows, 32 bytes each.
        numbers: of the rows, a multiple of 256; 0 where there is none.
        places: of each row's answer.
        texts: three of each answer: without a number, before it, behind it.
    """
    bounds = np.cumsum([0, *map(len, texts)])
    longest = -(-(_KEY + _DIGITS + _END + 2 * max(map(len, texts))) // _BLOCK) * _BLOCK
    hashes = np.empty((_WORDS, len(numbers)), np.uint32)
    told = _bytes(b"".join(texts))
    numbers, places = np.require(numbers, None, "W"), np.require(places, None, "W")  # numba would compile both kinds
    _leaves(_bytes(keys), numbers, places, told, bounds, longest, hashes)
    while hashes.shape[1] > len(numbers) // _LANES:
        hashes = _folded(hashes)
    return np.ascontiguousarray(hashes.T).astype(">u4").tobytes()


def _bytes(content: bytes) -> _Bytes:
    return np.frombuffer(content, np.uint8)


@compiled
def _leaves(
    keys: _Bytes, numbers: _Numbers, places: _Places, texts: _Bytes, bounds: _Numbers, longest: int, hashes: _Words
) -> None:
    blocks = np.empty(_LANES, np.int64)
    state, words = np.empty((_WORDS, _LANES), np.uint32), np.empty((_ROUNDS, _LANES), np.uint32)
    for first in range(0, len(numbers), _LANES):
        messages, most = np.zeros((_LANES, longest), np.uint8), 0
        for lane in range(_LANES):
            row = first + lane
            _copied(messages[lane], 0, keys, row * _KEY, (row + 1) * _KEY)
            blocks[lane] = _written(messages[lane], numbers[row], 3 * places[row], texts, bounds)
            most = max(most, blocks[lane])
        _begin(state)
        for block in range(most):
            for word in range(_BLOCK // 4):
                at = block * _BLOCK + 4 * word
                for lane in range(_LANES):
                    one = messages[lane]
                    words[word, lane] = one[at] << 24 | one[at + 1] << 16 | one[at + 2] << 8 | one[at + 3]
            _compress(state, words, blocks, block)
        _put_behind(words, 0, state)
        _end(words, _WORDS, state[_WORDS - 1], _LEAF_BITS)
        _begin(state)
        _compress(state, words, blocks, 0)
        for word in range(_WORDS):
            for lane in range(_LANES):
                hashes[word, first + lane] = state[word, lane]


@compiled
def _written(message: _Bytes, number: int, text: int, texts: _Bytes, bounds: _Numbers) -> int:
    """Write a row's content behind its key, and the end of the message; give how many blocks it has."""
    if number == 0:
        end = _copied(message, _KEY, texts, bounds[text], bounds[text + 1])
    else:
        end = _copied(message, _KEY, texts, bounds[text + 1], bounds[text + 2])
        power = 1
        while number // power >= _TEN:
            power *= _TEN
        while power:
            message[end] = _ZERO + number // power % _TEN
            power, end = power // _TEN, end + 1
        end = _copied(message, end, texts, bounds[text + 2], bounds[text + 3])
    message[end] = 128
    blocks = (end + _END + _BLOCK - 1) // _BLOCK
    message[blocks * _BLOCK - 2], message[blocks * _BLOCK - 1] = end * 8 >> 8, end * 8 & 255
    return blocks


@compiled
def _copied(message: _Bytes, at: int, content: _Bytes, first: int, end: int) -> int:
    """Copy a part of the content; give where it ends. A loop: numba compiles an assignment of slices ten times longer."""
    for place in range(end - first):
        message[at + place] = content[first + place]
    return at + end - first


@compiled
def _folded(hashes: _Words) -> _Words:
    """Hash the neighbours to the nodes above them."""
    nodes = np.empty((_WORDS, hashes.shape[1] // 2), np.uint32)
    state, words = np.empty((_WORDS, _LANES), np.uint32), np.empty((_ROUNDS, _LANES), np.uint32)
    both, every = np.zeros((2 * _WORDS, _LANES), np.uint32), np.ones(_LANES, np.int64)
    for first in range(0, nodes.shape[1], _LANES):
        lanes = min(_LANES, nodes.shape[1] - first)
        for word in range(_WORDS):
            for lane in range(lanes):
                left = 2 * (first + lane)
                both[word, lane], both[_WORDS + word, lane] = hashes[word, left], hashes[word, left + 1]
        _begin(state)
        _put_behind(words, 1, both)
        _compress(state, words, every, 0)
        _end(words, 0, both[2 * _WORDS - 1], _NODE_BITS)
        _compress(state, words, every, 0)
        for word in range(_WORDS):
            for lane in range(lanes):
                nodes[word, first + lane] = state[word, lane]
    return nodes


@compiled
def _put_behind(words: _Words, byte: int, values: _Words) -> None:
    """Begin messages with a byte, and values behind it."""
    for lane in range(_LANES):
        words[0, lane] = byte << 24 | values[0, lane] >> 8
    for word in range(1, len(values)):
        for lane in range(_LANES):
            words[word, lane] = values[word - 1, lane] << 24 | values[word, lane] >> 8


@compiled
def _end(words: _Words, word: int, last: _Words, bits: int) -> None:
    """End messages of so many bits, in this word, with the last byte of the last value."""
    for lane in range(_LANES):
        words[word, lane] = last[lane] << 24 | 1 << 23
        for between in range(word + 1, _BLOCK // 4 - 1):
            words[between, lane] = 0
        words[_BLOCK // 4 - 1, lane] = bits


@compiled
def _begin(state: _Words) -> None:
    for word in range(_WORDS):
        for lane in range(_LANES):
            state[word, lane] = _START[word]


@compiled
def _compress(state: _Words, words: _Words, blocks: _Numbers, block: int) -> None:
    """Take a block of 16 words into the state of each message that has so many blocks."""
    for turn in range(_BLOCK // 4, _ROUNDS):
        new, far, near, seven, two = words[turn], words[turn - 16], words[turn - 15], words[turn - 7], words[turn - 2]
        for lane in range(_LANES):
            x, y = near[lane], two[lane]
            small = (x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ x >> 3
            large = (y >> 17 | y << 15) ^ (y >> 19 | y << 13) ^ y >> 10
            new[lane] = far[lane] + small + seven[lane] + large
    turned = state.copy()
    for turn in range(_ROUNDS):
        a, b, c, d = turned[-turn & 7], turned[1 - turn & 7], turned[2 - turn & 7], turned[3 - turn & 7]
        e, f, g, h = turned[4 - turn & 7], turned[5 - turn & 7], turned[6 - turn & 7], turned[7 - turn & 7]
        added, word = _ADDED[turn], words[turn]
        for lane in range(_LANES):
            x, y = e[lane], a[lane]
            chosen = x & f[lane] ^ ~x & g[lane]
            most = y & b[lane] ^ y & c[lane] ^ b[lane] & c[lane]
            mixed = (x >> 6 | x << 26) ^ (x >> 11 | x << 21) ^ (x >> 25 | x << 7)
            one = h[lane] + mixed + chosen + added + word[lane]
            d[lane] += one
            h[lane] = one + ((y >> 2 | y << 30) ^ (y >> 13 | y << 19) ^ (y >> 22 | y << 10)) + most
    for word in range(_WORDS):
        for lane in range(_LANES):
            if block < blocks[lane]:
                state[word, lane] += turned[word, lane]
