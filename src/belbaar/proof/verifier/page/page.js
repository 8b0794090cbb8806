// The page: files come in, the outcome is shown. All text of a file is set as text, never as HTML.

import { canCheck } from "./ed25519.js";
import { readTrust } from "./heads.js";
import { NOT_SHOWN, PROVEN, REFUTED, Stop, UNREADABLE, filled, hex, sha256 } from "./reading.js";
import { STAMP_SENTENCES, verified } from "./verify.js";
import { WORDS, commands, told } from "./words.js";

const MOST_HELD = 2 ** 31 - 2 ** 20; // what a browser holds in one piece
const OUTCOMES = { [PROVEN]: "proven", [REFUTED]: "refuted", [UNREADABLE]: "unreadable", [NOT_SHOWN]: "incomplete" };
const ofStamp = ({ said }) => STAMP_SENTENCES.includes(said[0]);
const state = { lang: "nl", dossier: null, trust: null, result: null, runs: 0 };
const at = (id) => document.getElementById(id);

// Make an element with text.
function made(name, content = "", kind = "") {
  const element = document.createElement(name);
  element.textContent = content;
  if (kind) element.className = kind;
  return element;
}

function icon(kind) {
  return document.querySelector(`#icons [data-icon="${kind}"]`).cloneNode(true);
}

function say(key, ...values) {
  return filled([WORDS[state.lang][key], ...values]);
}

// Read files, check, and keep the result; a run that a newer one has overtaken shows nothing.
async function run() {
  const number = ++state.runs, { dossier, trust } = state;
  if (!dossier) return;
  state.result = { busy: true };
  draw();
  const result = await checked(dossier, trust);
  if (number !== state.runs) return;
  state.result = result;
  draw();
}

function failed(key, ...values) {
  return { outcome: "unreadable", key, values };
}

async function checked(dossier, trust) {
  if (dossier.size > MOST_HELD) return failed("tooLarge");
  if (!(await canCheck())) return failed("oldBrowser");
  let data, keys;
  try {
    data = new Uint8Array(await dossier.arrayBuffer());
    keys = trust && new Uint8Array(await trust.arrayBuffer());
  } catch {
    return failed("unread"); // moved, or a folder
  }
  try {
    if (keys) await readTrust(keys);
  } catch (error) {
    return failed("noTrust", error instanceof Stop ? error.said : ["it is not made as it should be"]);
  }
  const result = await verified(data, keys ?? undefined), outcome = OUTCOMES[result.code];
  const sum = hex(await sha256(data));
  const verifier = result.parts.get("verify.py"), ours = verifier && hex(await sha256(verifier)) === DATA.verifier;
  const key = `${outcome}Says`;
  const whole = { ...result, outcome, key, values: [], sum, name: dossier.name, trustName: trust?.name, ours };
  return result.onlyStamp ? { ...whole, outcome: "stamp", key: "stampSays" } : whole;
}

function drawWords() {
  document.documentElement.lang = state.lang;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  at("lang").lang = state.lang === "nl" ? "en" : "nl";
  for (const kind of ["dossier", "trust"]) at(`${kind}-name`).textContent = state[kind]?.name ?? say("none");
}

function drawOutcome(result) {
  const banner = at("outcome"), title = result.busy ? say("busy") : say(result.outcome);
  banner.className = result.busy ? "busy" : `outcome ${result.outcome}`;
  banner.dataset.outcome = result.busy ? "busy" : result.outcome;
  document.title = `${result.busy ? say("title") : `${title}: ${say("title")}`} · belbaar`;
  banner.replaceChildren(made("h2", title));
  if (result.busy) return;
  const values = (result.values ?? []).map((said) => told(said, state.lang, DATA.dutch));
  banner.prepend(icon(result.outcome));
  banner.append(made("p", say(result.key, ...values)));
}

function facts(result) {
  const list = made("dl");
  for (const [key, value] of [["file", result.name], ["sum", result.sum]]) {
    list.append(made("dt", say(key)), made("dd", filled(["{}", value])));
  }
  return list;
}

function notes(result) {
  const given = result.trustName && made("p", say("givenKeys", result.trustName), "note");
  const keys = given || made("p", say("ownKeys"), "note warn");
  return result.ours ? [keys] : [keys, made("p", say("otherVerifier"), "note warn")];
}

// List findings of one outcome under a heading; nothing where there are none.
function listed(title, found) {
  const section = made("section"), list = made("ul");
  for (const item of found) {
    const line = made("li", "", OUTCOMES[item.code]);
    line.dataset.code = item.code;
    const about = made("b", told(item.about, state.lang, DATA.dutch)), said = told(item.said, state.lang, DATA.dutch);
    line.append(icon(OUTCOMES[item.code]), about, ": ", made("span", said));
    list.append(line);
  }
  section.append(made("h3", say(title, found.length)), list);
  return found.length ? [section] : [];
}

function lists({ found, stamps }) {
  const having = (code) => found.filter((item) => item.code === code && !ofStamp(item));
  const stamp = listed("listStamp", found.filter(ofStamp));
  if (stamps.length) stamp[0].append(...stampHelp(stamps));
  const before = [...listed("listRefuted", having(REFUTED)), ...listed("listMissing", having(NOT_SHOWN))];
  return [...before, ...stamp, ...listed("listProven", having(PROVEN))];
}

function stampHelp(stamps) {
  const block = made("pre", stamps.map(commands).join("\n\n"));
  block.tabIndex = 0; // it scrolls, by keyboard too
  return [made("h4", say("stampTitle")), made("p", say("stampLead")), block, made("p", say("stampRoots"))];
}

function draw() {
  drawWords();
  const { result } = state;
  document.title = `${say("title")} · belbaar`;
  if (!result) return;
  drawOutcome(result);
  if (!result.found || result.outcome === "unreadable") return at("details").replaceChildren();
  const means = made("section");
  means.append(made("h3", say("meansTitle")), made("p", say("means")));
  at("details").replaceChildren(...notes(result), facts(result), ...lists(result), means);
}

function take(files) {
  for (const file of files) state[file.name.toLowerCase().endsWith(".json") ? "trust" : "dossier"] = file;
  draw();
  run();
}

function start() {
  for (const kind of ["dossier", "trust"]) {
    at(`choose-${kind}`).addEventListener("click", () => at(kind).click());
    at(kind).addEventListener("change", (event) => {
      [state[kind]] = event.target.files.length ? event.target.files : [state[kind]];
      event.target.value = ""; // the same file may be chosen again, after a change
      draw();
      run();
    });
  }
  at("lang").addEventListener("click", () => {
    state.lang = state.lang === "nl" ? "en" : "nl";
    draw();
  });
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("dragover", () => document.body.classList.add("over"));
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, () => document.body.classList.remove("over"));
  }
  document.addEventListener("drop", (event) => take(event.dataTransfer.files));
  state.lang = navigator.language.startsWith("nl") ? "nl" : "en";
  at("app").hidden = false;
  draw();
}

start();
