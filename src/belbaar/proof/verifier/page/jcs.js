// Canonical JSON (RFC 8785) in belbaar's profile: objects, arrays, strings, booleans and safe integers.

import { bytes, need, same, text } from "./reading.js";

const DEEPEST = 64;
const KEY = /^[a-z0-9_]+$/, HALF_CHARACTER = /\p{Surrogate}/u;

// Write JSON canonically: keys sorted; how a browser writes strings and integers is how RFC 8785 does.
export function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${written(value[name])}`);
  return `{${pairs.join(",")}}`;
}

// Tell whether JSON holds nothing but what the profile knows: no null, no float, no large number, not too deep.
function plain(value, levels = DEEPEST) {
  if (Array.isArray(value)) return levels > 0 && value.every((part) => plain(part, levels - 1));
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    return levels > 0 && names.every((name) => KEY.test(name) && plain(value[name], levels - 1));
  }
  if (typeof value === "string") return !HALF_CHARACTER.test(value);
  return typeof value === "boolean" || Number.isSafeInteger(value);
}

function parsed(data) {
  try {
    return JSON.parse(text(data));
  } catch {
    return null; // which the profile does not know, so it is refused below
  }
}

// Read JSON that is written canonically, and no other; so no key is there twice.
export function canonical(data) {
  const value = parsed(data);
  need(plain(value) && same(bytes(written(value)), data), "JSON is not written canonically");
  return value;
}
