// Proofs of RFC 9162 trees. Places are BigInt: a log may have more leaves than fit in 32 bits.

import { HASH_BYTES, need, same, sha256 } from "./reading.js";

const NODE = Uint8Array.of(1);

// Climb a tree from a node to the root: each hash of the proof, and whether it stands on the left.
function climb(from, end, proof) {
  const steps = [];
  let place = from, last = end;
  for (const hash of proof) {
    need(last > 0n && hash.length === HASH_BYTES, "a proof is too long, or has a hash of another length");
    const left = (place & 1n) === 1n || place === last;
    steps.push([hash, left]);
    while (left && (place & 1n) === 0n && place > 0n) [place, last] = [place >> 1n, last >> 1n];
    [place, last] = [place >> 1n, last >> 1n];
  }
  need(last === 0n, "a proof is too short");
  return steps;
}

export async function checkInclusion(index, size, leaf, proof, root) {
  const inside = index >= 0 && index < size && leaf.length === HASH_BYTES;
  need(inside, "the index lies outside the tree, or the leaf is no hash");
  let hash = leaf;
  for (const [other, left] of climb(BigInt(index), BigInt(size) - 1n, proof)) {
    hash = left ? await sha256(NODE, other, hash) : await sha256(NODE, hash, other);
  }
  need(same(hash, root), "the inclusion proof leads to another root");
}

// Check that one tree is the beginning of another, larger one.
export async function checkConsistency(old, size, oldRoot, root, proof) {
  let place = BigInt(old) - 1n, last = BigInt(size) - 1n;
  const whole = (BigInt(old) & place) === 0n, hashes = whole ? [oldRoot, ...proof] : proof;
  need(old > 0 && old < size && hashes.length > 0, "a proof is too short");
  while (place & 1n) [place, last] = [place >> 1n, last >> 1n];
  let was = hashes[0], now = hashes[0];
  for (const [other, left] of climb(place, last, hashes.slice(1))) {
    was = left ? await sha256(NODE, other, was) : was;
    now = left ? await sha256(NODE, other, now) : await sha256(NODE, now, other);
  }
  const one = same(was, oldRoot) && same(now, root);
  need(one, "two heads do not share their beginning: the log was split or changed");
}
