// The zip of a dossier: stored, sorted, with fixed times. It is written anew and held against the file, byte for byte.

import { Stop, UNREADABLE, bytes, joined, need, same, text } from "./reading.js";

const MOST_BYTES = 2 ** 32;
export const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;
const ASCII = /^[\0-\x7f]*$/;
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(data) {
  let value = 0xffffffff;
  for (let at = 0; at < data.length; at++) value = CRC[(value ^ data[at]) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

// Put whole numbers in a row, little-endian: [width, value], …
function packed(...fields) {
  const row = new Uint8Array(fields.reduce((total, [width]) => total + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    for (let byte = 0; byte < width; byte++) row[at++] = Math.floor(value / 2 ** (8 * byte)) & 255;
  }
  return row;
}

// Write parts as a zip: the same parts give the same bytes.
export function zipped(parts) {
  const local = [], central = [];
  let offset = 0;
  for (const name of [...parts.keys()].sort()) {
    const raw = bytes(name), data = parts.get(name), size = data.length;
    const times = [[2, 20], [2, 0], [2, 0], [2, 0], [2, 33]];
    const head = packed(...times, [4, crc32(data)], [4, size], [4, size], [2, raw.length], [2, 0]);
    local.push(bytes("PK\x03\x04"), head, raw, data);
    const place = packed([2, 0], [2, 0], [2, 0], [4, 0o100644 * 2 ** 16], [4, offset]);
    central.push(bytes("PK\x01\x02\x14\x03"), head, place, raw);
    offset += 4 + head.length + raw.length + size;
  }
  const directory = joined(central), count = [2, parts.size];
  const end = packed([2, 0], [2, 0], count, count, [4, directory.length], [4, offset], [2, 0]);
  return joined([...local, directory, bytes("PK\x05\x06"), end]);
}

function holds(data, word) {
  const found = bytes(word), last = data.length - found.length;
  for (let at = data.indexOf(found[0]); at >= 0 && at <= last; at = data.indexOf(found[0], at + 1)) {
    if (found.every((byte, place) => data[at + place] === byte)) return true;
  }
  return false;
}

// Read the parts that a zip's directory names.
function partsOf(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength), parts = new Map();
  let at = view.getUint32(data.length - 6, true), left = data.length;
  for (let count = view.getUint16(data.length - 14, true); count > 0; count--) {
    const size = view.getUint32(at + 24, true), length = view.getUint16(at + 28, true);
    const start = view.getUint32(at + 42, true) + 30 + length;
    left -= size; // parts that overlap would hold more than the file: a zip bomb
    need(left >= 0, "its parts overlap");
    const name = text(data.subarray(at + 46, at + 46 + length));
    need(ASCII.test(name), "a part has a name that is not safe to unpack");
    parts.set(name, data.subarray(start, start + size));
    at += 46 + length;
  }
  return parts;
}

// Read a zip that `zipped` wrote; any other is altered, or no dossier.
export function unzipped(data) {
  const likely = data.length < MOST_BYTES && holds(data, "dossier.json") && holds(data, "MANIFEST.sha256");
  if (!likely) throw new Stop(UNREADABLE, "this is no dossier");
  let parts = new Map(), whole = false;
  try {
    parts = partsOf(data);
    whole = same(zipped(parts), data);
  } catch (error) {
    if (!(error instanceof Stop || error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  need(whole, "the file was a dossier, and was altered or damaged: it is not put together as one is");
  const names = [...parts.keys()], apart = new Set(names.map((name) => name.toLowerCase()));
  const safe = names.every((name) => SAFE_NAME.test(name)) && apart.size === names.length;
  need(safe, "a part has a name that is not safe to unpack");
  return parts;
}
