// Ed25519 by the browser, and stricter: one spelling of S and of each point, none of small order.

import { HASH_BYTES, bytes, hex } from "./reading.js";

const P = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
// y of the eight points whose multiples by eight are nothing: with them a signature fits any message
const SMALL = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
];
const seen = new Map();

function littleEndian(data) {
  return BigInt(`0x${hex(data.toReversed())}`);
}

function signs(point) {
  const y = littleEndian(point) & (2n ** 255n - 1n);
  return y < P && !SMALL.includes(y);
}

async function fits(key, message, signature) {
  const long = key.length === HASH_BYTES && signature.length === 2 * HASH_BYTES;
  if (!long || littleEndian(signature.subarray(HASH_BYTES)) >= ORDER) return false;
  if (!signs(key) || !signs(signature.subarray(0, HASH_BYTES))) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, bytes(message));
  } catch (error) {
    if (error.name === "DataError") return false; // no point of the curve
    throw error;
  }
}

// Check a signature (RFC 8032); each leaf brings its head, mostly the same one, so the answer is kept.
export async function ed25519Fits(key, message, signature) {
  const question = `${hex(key)} ${hex(signature)} ${message}`;
  if (!seen.has(question)) seen.set(question, await fits(key, message, signature));
  return seen.get(question);
}

// Tell whether this browser can do what a dossier asks of it.
export async function canCheck() {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false; // an old browser, or a page that is not trusted with keys: the reader is told
  }
}
