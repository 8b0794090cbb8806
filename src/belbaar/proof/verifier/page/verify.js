// Check a dossier as verify.py does, all but the timestamps; one finding a claim, worst first.

import { CLAIMS, Shown } from "./claims.js";
import { readHead, readNote, readTrust } from "./heads.js";
import { canonical, written } from "./jcs.js";
import {
  NOT_SHOWN, PROVEN, REFUTED, Stop, UNREADABLE, bytes, get, has, hex, linesOf, need, sha256,
  show, text, there, unbase64, unhex,
} from "./reading.js";
import { checkConsistency, checkInclusion } from "./tree.js";
import { SAFE_NAME, unzipped } from "./zip.js";

export const UNCHECKED = "this page does not check timestamps: openssl does, as told below";
export const STAMP_SENTENCES = [UNCHECKED, "the timestamp that covers it is unchecked"];
const WORST_FIRST = [UNREADABLE, REFUTED, NOT_SHOWN, PROVEN];
const SECTIONS = ["how", "what", "who"], MANIFESTS = ["MANIFEST.sha256", "MANIFEST.note"];
const LEAF = Uint8Array.of(0), COMMITMENT = bytes("belbaar/c/1\0");

class Dossier {
  found = [];
  shown = new Shown();
  heads = new Map(); // by the note they were read from: mostly all leaves have the same one
  stamps = [];
  code = PROVEN;

  // Check one thing and keep what came of it.
  async check(about, work) {
    let code = PROVEN, said;
    try {
      said = await work();
    } catch (error) {
      const stopped = error instanceof Stop;
      code = stopped ? error.code : REFUTED; // a file made to confuse is refuted
      said = stopped ? error.said : ["it is not made as it should be"];
    }
    this.found.push({ code, about, said });
    if (code === REFUTED || code === UNREADABLE || this.code === PROVEN) this.code = code;
  }

  async examine(data, trust) {
    const parts = (this.shown.parts = unzipped(data));
    await this.check(["file"], () => this.manifest());
    this.trust = await readTrust(trust ?? there(parts.get("trust.json")));
    const made = canonical(there(parts.get("dossier.json")));
    this.origin = get(made, "origin", "text");
    need(get(made, "v", "number") === 1, "the dossier is of another version");
    await this.check(["maker"], () => this.signed());
    for (const name of [...parts.keys()].sort()) {
      if (name.startsWith("anchors/") && name.endsWith(".note")) await this.anchor(name);
    }
    const works = { leaves: "leaf", erased: "erased", rows: "row" };
    for (const [kind, work] of Object.entries(works)) {
      for (const item of get(made, kind, "list")) {
        await this.check(["{}", get(item, "name", "text")], () => {
          need(SAFE_NAME.test(item.name), "a name has other characters than letters, digits and . _ -");
          return this[work](item);
        });
      }
    }
    await this.check(["one history"], () => this.history());
    for (const [name, leaf] of this.shown.leaves) await this.check(["time of {}", name], () => this.time(leaf.index));
    for (const claim of get(made, "claims", "list")) {
      const kind = get(claim, "claim", "text"), known = CLAIMS.get(kind);
      await this.check([known?.about ?? "claim: {}", kind], () => {
        need(known, "this verifier does not know such a claim");
        return known.check(this.shown, claim);
      });
    }
    return ["this is a dossier of {}", this.origin];
  }

  async manifest() {
    const { parts } = this.shown, inside = [...parts.keys()].filter((name) => !MANIFESTS.includes(name)).sort();
    const listed = linesOf(there(parts.get("MANIFEST.sha256"))), present = [];
    for (const name of inside) present.push(`${hex(await sha256(parts.get(name)))}  ${name}`);
    const [here, told] = [new Set(present), new Set(listed)];
    const wrong = [...present, ...listed].filter((line) => here.has(line) !== told.has(line));
    const names = [...new Set(wrong.map((line) => line.slice(66)))].sort().join(", ") || "MANIFEST.sha256";
    need(present.join("\n") === listed.join("\n"), "altered since the manifest was made: {}", names);
    return ["its {} parts are those in MANIFEST.sha256", present.length];
  }

  async signed() {
    const { parts } = this.shown, manifest = parts.get("MANIFEST.sha256");
    show(parts.has("MANIFEST.note"), "nobody signed the file, so parts may have been left out");
    const note = await readNote(parts.get("MANIFEST.note"), this.trust, this.origin);
    const expected = `belbaar/dossier/1\n${this.origin}\n${hex(await sha256(there(manifest)))}\n`;
    need(note.text === expected, "another manifest was signed");
    return ["the key of the log {} signed the file", this.origin];
  }

  async head(data) {
    const note = text(data);
    if (!this.heads.has(note)) this.heads.set(note, await readHead(data, this.trust, this.origin));
    return this.heads.get(note);
  }

  async anchor(name) {
    const stamp = name.replace(/\.note$/, ".tsr"), { parts } = this.shown;
    let head;
    await this.check(["{}", name], async () => {
      head = await this.head(parts.get(name));
      return ["head of {} leaves", head.size];
    });
    if (!parts.has(stamp) || !head) return;
    head.stamped = true;
    this.stamps.push(stamp);
    await this.check(["{}", stamp], () => show(false, UNCHECKED));
  }

  async leaf(item) {
    const raw = bytes(get(item, "entry", "text")), index = get(item, "index", "number");
    const proof = text(there(this.shown.parts.get(get(item, "proof", "text")))), blank = proof.indexOf("\n\n");
    const lines = (blank < 0 ? proof : proof.slice(0, blank)).split("\n");
    const note = blank < 0 ? "" : proof.slice(blank + 2);
    const fits = lines[0] === "c2sp.org/tlog-proof@v1" && lines[1] === `index ${index}`;
    need(fits, "the proof is of another leaf");
    const head = await this.head(bytes(note)), entry = canonical(raw);
    await checkInclusion(index, head.size, await sha256(LEAF, raw), lines.slice(2).map(unbase64), head.root);
    const closed = !has(item, "sections");
    const opened = closed ? {} : await this.opened(item.sections, get(entry, "c", "text"));
    need(!this.shown.leaves.has(item.name), "two leaves have this name");
    this.shown.leaves.set(item.name, { index, entry, opened });
    const names = Object.keys(opened).join(", ");
    if (!names) return ["entry {} is in the log of {} leaves", index, head.size];
    return ["entry {} is in the log of {} leaves, and opened: {}", index, head.size, names];
  }

  async opened(sections, committed) {
    const hashes = [], opened = {};
    for (const name of SECTIONS) {
      const section = get(sections, name, "object");
      if (has(section, "key")) {
        opened[name] = get(section, "body", "object");
        hashes.push(await sha256(unhex(get(section, "key", "text")), bytes(written(opened[name]))));
      } else {
        hashes.push(unhex(get(section, "hash", "text")));
      }
    }
    need(hex(await sha256(COMMITMENT, ...hashes)) === committed, "the log committed to something else");
    return opened;
  }

  erased(item) {
    const index = this.shown.index(item.name), by = get(item, "by", "text"), erase = this.shown.leaf(by).entry;
    const kind = get(erase, "k", "text");
    const named = kind === "erase" && get(get(erase, "b", "object"), "leaves", "list").includes(index);
    need(named, "no erasure names it");
    throw new Stop(NOT_SHOWN, "what entry {} said was erased, as {} tells; that it was, stays", index, by);
  }

  async row(item) {
    const list = get(item, "list", "text"), row = get(item, "row", "number"), body = get(item, "body", "object");
    const what = this.shown.section(list, "what");
    const rows = get(what, "rows", "number"), root = unhex(get(what, "rows_root", "text"));
    const entry = await sha256(unhex(get(item, "key", "text")), bytes(written(body)));
    await checkInclusion(row, rows, await sha256(LEAF, entry), get(item, "hashes", "list").map(unhex), root);
    need(!this.shown.rows.has(item.name), "two rows have this name");
    this.shown.rows.set(item.name, { list, body });
    return ["row {} is in the list of {} rows that {} committed to", row, rows, list];
  }

  async history() {
    const heads = [...this.heads.values()], known = new Map(heads.map((head) => [head.size, hex(head.root)]));
    const split = heads.filter((head) => hex(head.root) !== known.get(head.size)).map((head) => head.size);
    const sizes = [...known.keys()].sort((a, b) => a - b), differ = [...new Set(split)].sort((a, b) => a - b);
    need(differ.length === 0, "two heads of {} leaves differ: the log was split", differ.join(", "));
    for (let place = 1; place < sizes.length; place++) {
      const [old, size] = [sizes[place - 1], sizes[place]];
      const part = this.shown.parts.get(`consistency/${old}-${size}.txt`);
      show(part !== undefined, "nothing shows that the head of {} leaves continues that of {}", size, old);
      await checkConsistency(old, size, unhex(known.get(old)), unhex(known.get(size)), linesOf(part).map(unbase64));
    }
    const fewest = heads.length ? Math.min(...heads.map((head) => head.witnesses.size)) : 0;
    const { quorum } = this.trust;
    show(fewest >= quorum, "{} trusted witnesses signed a head, {} are wanted", fewest, quorum);
    return ["{} heads of one log, each signed by {} trusted witnesses or more", known.size, fewest];
  }

  time(index) {
    const later = [...this.heads.values()].some((head) => head.size > index && head.stamped);
    show(later, "no timestamp of an authority covers it");
    throw new Stop(NOT_SHOWN, "the timestamp that covers it is unchecked");
  }
}

// Check a dossier against keys to trust, or its own where there are none.
export async function verified(data, trust) {
  const dossier = new Dossier();
  await dossier.check(["dossier"], () => dossier.examine(data, trust));
  dossier.found.sort((a, b) => WORST_FIRST.indexOf(a.code) - WORST_FIRST.indexOf(b.code));
  const missing = dossier.found.filter(({ code }) => code === NOT_SHOWN);
  const onlyStamp = dossier.code === NOT_SHOWN && missing.every(({ said }) => STAMP_SENTENCES.includes(said[0]));
  const { code, found, stamps, shown } = dossier;
  return { code, found, stamps, onlyStamp, parts: shown.parts };
}
