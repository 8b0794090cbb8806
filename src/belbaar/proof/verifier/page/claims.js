// Claims: what a dossier says of the leaves and rows that it shows, each checked by itself.

import { written } from "./jcs.js";
import { get, has, hex, need, sha256, show, unhex } from "./reading.js";

const TEXTS = ["text", "rule"];

// What a dossier shows and what of it is proven: its parts, leaves and rows.
export class Shown {
  parts = new Map();
  leaves = new Map();
  rows = new Map();

  leaf(name) {
    need(this.leaves.has(name), 'it rests on "{}", which is not proven', name);
    return this.leaves.get(name);
  }

  index(name) {
    return this.leaf(name).index;
  }

  section(leaf, name) {
    const { opened } = this.leaf(leaf);
    show(has(opened, name), 'the section "{}" of {} is not opened', name, leaf);
    return opened[name];
  }

  // Give a text that stands under its hash.
  async text(folder, hash) {
    const found = this.parts.get(`${folder}/${hash}`);
    const fits = found !== undefined && hex(await sha256(found)) === hash;
    need(fits, "{}/{} is missing or was swapped", folder, hash);
    return found;
  }
}

function order(shown, claim) {
  const first = get(claim, "first", "text"), then = get(claim, "then", "text");
  need(shown.index(first) < shown.index(then), "{} was not logged before {}", first, then);
  return ["{} was logged before {}", first, then];
}

async function wording(shown, claim) {
  const leaf = get(claim, "leaf", "text"), name = get(claim, "text", "text");
  const hash = get(shown.section(leaf, "what"), get(claim, "field", "text"), "text"), { entry } = shown.leaf(name);
  need(TEXTS.includes(get(entry, "k", "text")), "{} is no wording and no ruleset", name);
  need(get(get(entry, "b", "object"), "sha256", "text") === hash, "{} rests on another text than {}", leaf, name);
  await shown.text("texts", hash);
  need(shown.index(name) < shown.index(leaf), "{} was logged only after {}", name, leaf);
  return ["{} rests on {}, logged before it: texts/{}", leaf, name, hash];
}

// Give how many leaves a verdict or list knew of; never itself, nor what came after.
function knownAt(shown, leaf) {
  const known = get(shown.section(leaf, "what"), "known_at", "number");
  need(known >= 0 && known <= shown.index(leaf), "{} says to know what was logged only later", leaf);
  return known;
}

function facts(shown, claim) {
  const leaf = get(claim, "leaf", "text"), names = get(claim, "rests_on", "list");
  const indices = names.map((name) => shown.index(name)).sort((a, b) => a - b), known = knownAt(shown, leaf);
  const said = get(shown.section(leaf, "what"), "rests_on", "list");
  need(written(indices) === written(said), "{} rests on other facts", leaf);
  need(indices.every((index) => index < known), "a fact was not known then");
  if (names.length === 0) return ["{} rests on no fact, as known at {} leaves", leaf, known];
  return ["{} rests on {}, as known at {} leaves", leaf, names.join(", "), known];
}

function position(shown, claim) {
  const leaf = get(claim, "leaf", "text");
  return ["{} was made as known at {} leaves of the log", leaf, knownAt(shown, leaf)];
}

// What a verdict, or a row of a screened list, says: of whom, for whom, and whether the call was allowed.
function verdictOf(shown, claim, name) {
  if (!has(claim, "row")) {
    const who = shown.section(name, "who"), what = shown.section(name, "what");
    return { leaf: name, who, what, verdict: what };
  }
  need(shown.rows.has(name), 'it rests on "{}", which is not proven', name);
  const { list, body } = shown.rows.get(name);
  return { leaf: list, who: body, what: shown.section(list, "what"), verdict: body };
}

function screened(shown, claim) {
  const call = get(claim, "call", "text"), name = get(claim, has(claim, "row") ? "row" : "leaf", "text");
  const { leaf, who, what, verdict } = verdictOf(shown, claim, name);
  need(shown.index(leaf) < shown.index(call), "the call was logged before the verdict");
  const number = get(shown.section(call, "who"), "number", "number");
  need(get(who, "number", "number") === number, "the call is to another number");
  const caller = get(shown.section(call, "what"), "caller", "text");
  need(get(what, "caller", "text") === caller, "the call is of another caller");
  const said = "{} was logged before {}, of the same number and caller";
  if (!has(verdict, "allowed") || typeof verdict.allowed !== "boolean") return [said, name, call];
  return [`${said}, and says that the call was ${verdict.allowed ? "" : "NOT "}allowed`, name, call];
}

function sameInEach(shown, claim) {
  const leaves = get(claim, "leaves", "list"), section = get(claim, "section", "text");
  const field = get(claim, "field", "text"), found = leaves.map((leaf) => shown.section(leaf, section));
  need(found.length > 1 && has(found[0], field), "nothing is compared");
  const first = written(found[0][field]);
  need(found.every((item) => has(item, field) && written(item[field]) === first), "the {} differs", field);
  return ["{} have the same {}", leaves.join(", "), field];
}

async function receipt(shown, claim) {
  const leaf = get(claim, "leaf", "text"), name = get(claim, "receipt", "text");
  const what = shown.section(leaf, "what"), logged = shown.section(name, "what");
  const hash = get(logged, "receipt", "text"), shownText = get(what, get(claim, "field", "text"), "text");
  unhex(shownText);
  need(shown.index(leaf) < shown.index(name), "{} was not logged before {}", leaf, name);
  const number = get(shown.section(leaf, "who"), "number", "number");
  const other = get(shown.section(name, "who"), "number", "number");
  need(number === other, "{} is of another person than {}", name, leaf);
  const caller = get(what, "caller", "text") === get(logged, "caller", "text");
  need(caller, "{} is of another caller than {}", name, leaf);
  const file = new TextDecoder("latin1").decode(await shown.text("receipts", hash));
  need(file.includes(shownText), "the receipt names another text than {}", leaf);
  return ["{} is of the same person as {}, and names the same text", name, leaf];
}

function open(shown, claim) {
  const leaf = get(claim, "leaf", "text"), names = get(claim, "days", "list");
  const index = shown.index(leaf), since = get(shown.section(leaf, "what"), "at", "number");
  const leaves = names.map((name) => shown.leaf(name));
  need(leaves.every(({ entry }) => get(entry, "k", "text") === "open"), "what is no day is counted as one");
  const days = new Set(leaves.map(({ entry }) => get(get(entry, "b", "object"), "day", "text")));
  need(days.size === names.length && names.length > 0, "a day is counted twice, or none at all");
  const later = leaves.every(({ entry, index: at }) => get(entry.b, "at", "number") > since && at > index);
  need(later, "a day was not after {}", leaf);
  const [first, last] = [[...days].sort()[0], [...days].sort().at(-1)];
  return ["after {} My number was open on {} days, from {} to {}", leaf, days.size, first, last];
}

export const CLAIMS = new Map([
  ["facts", { about: "facts it rests on", check: facts }],
  ["open", { about: "could be denied", check: open }],
  ["order", { about: "order in time", check: order }],
  ["position", { about: "as known when", check: position }],
  ["receipt", { about: "receipt", check: receipt }],
  ["same", { about: "the same in each", check: sameInEach }],
  ["screened", { about: "screened before the call", check: screened }],
  ["text", { about: "text it rests on", check: wording }],
]);
