// Heads of a log: who is trusted and who signed. Timestamps are for openssl.

import { ed25519Fits } from "./ed25519.js";
import { canonical } from "./jcs.js";
import { HASH_BYTES, bytes, get, hex, natural, need, same, sha256, text, unbase64 } from "./reading.js";

const LOG = 1, COSIGNER = 4, MICRO = 1000000n, MOST_SIGNATURES = 100;

// Give the four bytes by which a signature names its key.
async function keyId(name, kind, key) {
  return (await sha256(bytes(name), bytes("\n"), Uint8Array.of(kind), key)).subarray(0, 4);
}

// Read dated keys of one type.
async function keysOf(source, field, kind) {
  const keys = [];
  for (const item of get(source, field, "list")) {
    const [name, id, ...rest] = get(item, "vkey", "text").split("+");
    need(rest.length > 0, "a trusted key is of another form");
    const raw = unbase64(rest.join("+")), key = raw.subarray(1);
    need(raw.length === 1 + HASH_BYTES && raw[0] === kind, "a trusted key is of another type");
    need(hex(await keyId(name, kind, key)) === id, "the id of a trusted key does not fit it");
    keys.push({ name, kind, key, since: get(item, "since", "number"), until: get(item, "until", "number") });
  }
  return keys;
}

// Read whom to believe.
export async function readTrust(data) {
  const read = canonical(data), logs = new Map();
  need(get(read, "v", "number") === 1, "the list of trusted keys is of another version");
  for (const log of get(read, "logs", "list")) logs.set(get(log, "origin", "text"), await keysOf(log, "keys", LOG));
  const witnesses = await keysOf(read, "witnesses", COSIGNER), quorum = Math.max(1, get(read, "quorum", "number"));
  get(read, "tsa_roots", "list");
  return { logs, witnesses, quorum };
}

// Check the signature of one key on a note; give the time at which a witness says it signed.
async function checkSignature(key, raw, noteText) {
  const timed = key.kind === COSIGNER;
  const at = timed ? BigInt(`0x0${hex(raw.subarray(4, 12))}`) : 0n;
  const message = timed ? `cosignature/v1\ntime ${at}\n${noteText}` : noteText;
  const fits = await ed25519Fits(key.key, message, raw.subarray(timed ? 12 : 4));
  need(fits, "the signature of {} does not fit", key.name);
  return at * MICRO;
}

// Read a signed text; every signature by a trusted key is checked, and one that does not fit refutes it.
export async function readNote(data, trust, origin) {
  const whole = text(data), blank = whole.lastIndexOf("\n\n");
  const noteText = `${whole.slice(0, Math.max(blank, 0))}\n`, lines = whole.slice(blank < 0 ? 0 : blank + 2);
  const ended = lines.endsWith("\n") && lines.split("\n").length - 1 <= MOST_SIGNATURES;
  need(ended, "a note has no end, or too many signatures");
  const witnesses = new Map(), signed = [], keys = [...(trust.logs.get(origin) ?? []), ...trust.witnesses];
  for (const line of lines.slice(0, -1).split("\n")) {
    const pieces = line.split(" ");
    need(pieces.length === 3 && pieces[0] === "\u2014", "a signature line is of another form");
    const raw = unbase64(pieces[2]);
    for (const key of keys) {
      if (key.name !== pieces[1] || !same(await keyId(key.name, key.kind, key.key), raw.subarray(0, 4))) continue;
      const at = await checkSignature(key, raw, noteText);
      if (key.kind === LOG) signed.push(key);
      else if (key.since <= at && at < key.until) witnesses.set(key.name, Number(at));
    }
  }
  const when = witnesses.size > 0 ? Math.min(...witnesses.values()) : null;
  const good = signed.some((key) => when === null || (key.since <= when && when < key.until));
  need(good, "no trusted key of the log signed it");
  return { text: noteText, witnesses };
}

// Read a checkpoint: size, root, who signed it.
export async function readHead(data, trust, origin) {
  const note = await readNote(data, trust, origin), lines = note.text.split("\n");
  const fits = lines.length === 4 && lines[0] === origin && lines[3] === "";
  need(fits, "a checkpoint is of another form or log");
  const size = natural(lines[1]), root = unbase64(lines[2]);
  need(root.length === HASH_BYTES, "a checkpoint is of another form or log");
  return { ...note, size, root, stamped: false };
}
