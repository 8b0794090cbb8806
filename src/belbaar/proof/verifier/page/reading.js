// Reading strictly: fields, hex, base64, numbers and text have one spelling each; any other is refused.

export const PROVEN = 0;
export const REFUTED = 1;
export const UNREADABLE = 2;
export const NOT_SHOWN = 3;
export const HASH_BYTES = 32;
const MOST_SHOWN = 400;
const HEX = /^[0-9a-f]{64}$/, BASE64 = /^[A-Za-z0-9+/]*={0,2}$/, NATURAL = /^(0|[1-9][0-9]{0,15})$/;

// What is being checked is refuted, or not shown, or nothing to check; `said` is a sentence and its values.
export class Stop extends Error {
  constructor(code, ...said) {
    super(said[0]);
    this.code = code;
    this.said = said;
  }
}

// Write a sentence with its values; these come from the file, so nothing in them may act on a screen.
export function filled([sentence, ...values]) {
  const plain = values.map((value) => String(value).slice(0, MOST_SHOWN).replace(/(?! )[\p{C}\p{Z}]/gu, "\ufffd"));
  return sentence.replace(/\{\}/g, () => plain.shift());
}

export function need(fits, ...said) {
  if (!fits) throw new Stop(REFUTED, ...said);
}

export function show(fits, ...said) {
  if (!fits) throw new Stop(NOT_SHOWN, ...said);
}

const KINDS = {
  text: (value) => typeof value === "string",
  number: (value) => Number.isSafeInteger(value),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

export function has(source, name) {
  return KINDS.object(source) && Object.hasOwn(source, name);
}

// Give a field of exactly the right type.
export function get(source, name, kind) {
  const value = has(source, name) ? source[name] : undefined;
  need(KINDS[kind](value), '"{}" is missing or of another type', name);
  return value;
}

// Give the value that there has to be.
export function there(value) {
  if (value === undefined) throw new TypeError("nothing is there");
  return value;
}

export function bytes(text) {
  return new TextEncoder().encode(text);
}

export function text(data) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
}

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(a, b) {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));
}

export function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(written) {
  need(typeof written === "string" && HEX.test(written), "a hash or key is not 64 digits of hex");
  return Uint8Array.from(written.match(/../g), (pair) => Number.parseInt(pair, 16));
}

export function unbase64(written) {
  const fits = written.length % 4 === 0 && BASE64.test(written);
  const raw = fits ? atob(written) : "";
  need(fits && btoa(raw) === written, "base64 is not written in the usual way");
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

export function natural(written) {
  const fits = NATURAL.test(written) && Number.isSafeInteger(Number(written));
  need(fits, "a number is not written in the usual way");
  return Number(written);
}

// Read lines, each with its newline.
export function linesOf(data) {
  const lines = text(data).split("\n");
  need(lines.pop() === "", "a list of lines has no end");
  return lines;
}
