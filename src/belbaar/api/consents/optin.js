// The form where consent begins, in anybody's page: <belbaar-optin form="…" lang="nl" level="2">, and
// <belbaar-nummer form="…"> for a number that is asked at a sale or a gift. No cookies; nothing from elsewhere but
// the form's own words; what could not be sent for want of a connection waits in localStorage and is sent once.
const HOME = new URL(import.meta.url).origin;
const QUEUE = "belbaar-unsent";
const AGAIN_MS = 15_000;
const LONGEST_MS = 7 * 86_400_000;

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { display: block; font: inherit; color: inherit; line-height: 1.5; max-width: 40rem;
  --accent: var(--belbaar-accent, #0b4f8a); --on-accent: var(--belbaar-on-accent, #fff);
  --bad: var(--belbaar-bad, #9c1c1c); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
h2, h3, h4, h5, h6 { margin: 0 0 .25em; line-height: 1.25; }
p { margin: 0 0 .75em; } label, legend { font-weight: 600; }
.field { margin: 0 0 1em; } .field > label { display: block; }
input[type=tel], input[type=email], input[type=text] { font: inherit; color: inherit; width: 100%; min-height: 44px;
  padding: .375em .625em; border: 1px solid #767e8a; border-radius: .375em; background: transparent; }
input.digits { letter-spacing: .2em; max-width: 12em; }
input[aria-invalid=true] { border: 2px solid var(--bad); }
fieldset { border: 0; margin: 0 0 1em; padding: 0; min-width: 0; } legend { padding: 0; }
.box { display: flex; gap: .75em; align-items: flex-start; } .box label { font-weight: 400; padding: .5em 0; }
.box input { width: 24px; height: 24px; margin: 10px 0; flex: none; accent-color: var(--accent); }
.wrong { color: var(--bad); font-weight: 600; margin: 0; }
.alert { border: 2px solid var(--bad); border-radius: .375em; padding: .5em .75em; margin: 0 0 1em; }
.alert p { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .75em; margin: 1em 0 0; }
button { font: inherit; font-weight: 600; min-height: 44px; padding: .375em 1.25em; border-radius: .375em;
  cursor: pointer; border: 2px solid var(--accent); background: transparent; color: var(--accent); }
button.main { background: var(--accent); color: var(--on-accent); } a { color: var(--accent); }
summary { cursor: pointer; min-height: 44px; padding: .5em 0; color: var(--accent); }
:focus-visible { outline: 3px solid #0b1220; outline-offset: 2px; box-shadow: 0 0 0 3px #ffd94a; }
@media (max-width: 30rem) { .row { flex-direction: column; } .row button { width: 100%; } }
`);

const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
};

const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

const digest = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Give the answer, or throw what was refused: an object with a code; a TypeError where there is no connection.
const ask = async (path, body, key) => {
  const headers = body ? { "Content-Type": "application/json" } : {};
  if (key) headers["Idempotency-Key"] = key;
  const answer = await fetch(HOME + path, {
    method: body ? "POST" : "GET",
    headers,
    body: body ? JSON.stringify(body) : undefined,
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) throw new TypeError("away");
  const told = await answer.json().catch(() => ({ code: "failed" }));
  if (!answer.ok) throw told;
  return told;
};

// What waits for a connection: kept until it was taken or refused, so that a page that is closed loses nothing.
const queue = {
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(QUEUE) || "[]");
      return kept.filter((each) => Date.now() - each.since < LONGEST_MS);
    } catch {
      return [];
    }
  },
  write(items) {
    try {
      if (items.length) localStorage.setItem(QUEUE, JSON.stringify(items));
      else localStorage.removeItem(QUEUE);
    } catch {
      // forbidden by the page: then it is sent for as long as the page is open
    }
  },
  add(item) {
    queue.write([...queue.read(), item]);
  },
  remove(key) {
    queue.write(queue.read().filter((each) => each.key !== key));
  },
};

class Shown extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [STYLE];
  }

  async load() {
    const lang = (this.getAttribute("lang") || document.documentElement.lang).startsWith("en") ? "en" : "nl";
    try {
      this.form = await ask(`/v1/public/forms/${encodeURIComponent(this.getAttribute("form"))}?lang=${lang}`);
    } catch (error) {
      if (error instanceof TypeError) addEventListener("online", () => this.connectedCallback(), { once: true });
      return false;
    }
    this.since = performance.now();
    this.steps = [];
    return true;
  }

  step(what) {
    if (this.steps.length < 99) this.steps.push({ what, ms: Math.round(performance.now() - this.since) });
  }

  field(name, label, hint, attributes) {
    const described = { "aria-describedby": `${hint ? `${name}-hint ` : ""}${name}-wrong` };
    return make(
      "div",
      { class: "field" },
      make("label", { for: name }, label),
      hint ? make("p", { id: `${name}-hint` }, hint) : null,
      make("p", { class: "wrong", id: `${name}-wrong` }),
      make("input", { id: name, name, ...described, ...attributes }),
    );
  }

  box(place, label) {
    const ticked = (event) => this.step(`${event.target.checked ? "ticked" : "unticked"} ${place + 1}`);
    return make(
      "div",
      { class: "box" },
      make("input", { type: "checkbox", id: `box-${place}`, onchange: ticked }),
      make("label", { for: `box-${place}` }, label),
    );
  }

  find(id) {
    return this.root.getElementById(id);
  }
}

class Optin extends Shown {
  async connectedCallback() {
    if (this.form || !(await this.load()) || this.form.kind !== "consent") return;
    this.setAttribute("lang", this.form.shown.language);
    this.ask();
    const waiting = queue.read().find((each) => each.form === this.form.form);
    if (waiting) this.flush(waiting);
  }

  heading(text, attributes = {}) {
    const level = Math.min(6, Math.max(2, Number(this.getAttribute("level")) || 2));
    return make(`h${level}`, attributes, text);
  }

  row(main, other, onclick) {
    const buttons = [make("button", { class: "main" }, main), make("button", { type: "button", onclick }, other)];
    return make("div", { class: "row" }, ...buttons);
  }

  show(...children) {
    this.root.replaceChildren(...children);
  }

  // The form itself. Its boxes are never ticked when they are shown.
  ask() {
    const { shown, words, email } = this.form;
    const address = { type: "email", autocomplete: "email" };
    const called = email === "needed" ? words.email : words.email_optional;
    this.show(
      make(
        "form",
        { novalidate: true, onsubmit: (event) => this.submit(event) },
        this.heading(shown.title, { id: "title" }),
        make("p", { id: "intro" }, shown.intro),
        make("div", { id: "alert" }),
        this.field("number", shown.number, shown.hint, { type: "tel", autocomplete: "tel", inputmode: "tel" }),
        email === "no" ? null : this.field("email", called, "", address),
        make(
          "fieldset",
          { "aria-describedby": "boxes-wrong" },
          make("legend", { id: "about" }, shown.about),
          make("p", { class: "wrong", id: "boxes-wrong" }),
          ...shown.boxes.map((each, place) => this.box(place, each.label)),
        ),
        ...shown.lines.map((line) => make("p", { class: "line" }, line)),
        make(
          "details",
          {},
          make("summary", {}, shown.who_title),
          make("p", { id: "who" }, shown.who),
          shown.privacy_url ? make("p", {}, make("a", { href: shown.privacy_url }, words.privacy)) : null,
        ),
        this.row(words.send, words.no, () => this.say(words.fine)),
      ),
    );
  }

  // What stands on the page now, as one text: what is hashed is what was shown, not what should have been.
  text() {
    const said = (selector) => [...this.root.querySelectorAll(selector)].map((each) => each.textContent);
    const boxes = said(".box label").map((label) => `[ ] ${label}`);
    const before = [...said("#title"), ...said("#intro"), ...said("#about")];
    return [...before, ...boxes, ...said(".line"), ...said("#who")].filter((line) => line).join("\n");
  }

  say(text) {
    this.show(make("p", { role: "status", tabindex: "-1", id: "said" }, text));
    this.find("said").focus();
  }

  wrong(faults) {
    const { words } = this.form;
    for (const each of this.root.querySelectorAll(".wrong")) each.textContent = "";
    for (const each of this.root.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    for (const [name, text] of faults) {
      const place = this.find(`${name}-wrong`);
      if (place) place.textContent = text;
      if (this.find(name)) this.find(name).setAttribute("aria-invalid", "true");
    }
    const alert = make("div", { class: "alert", role: "alert", tabindex: "-1" }, make("p", {}, words.wrong));
    for (const [, text] of faults) alert.append(make("p", {}, text));
    this.find("alert").replaceChildren(alert);
    alert.focus();
  }

  async submit(event) {
    event.preventDefault();
    const { words, email, version, shown } = this.form;
    const boxes = [...this.root.querySelectorAll(".box input")];
    const number = this.find("number").value.trim();
    const address = email === "no" ? "" : this.find("email").value.trim();
    const faults = [];
    if (number.replace(/\D/g, "").length < 9) faults.push(["number", words.number_missing]);
    if (address ? !/^\S+@\S+\.\S+$/.test(address) : email === "needed") faults.push(["email", words.email_missing]);
    if (!boxes.some((box) => box.checked)) faults.push(["boxes", words.nothing_chosen]);
    if (faults.length) return this.wrong(faults);
    this.step("submitted");
    const body = {
      version,
      language: shown.language,
      number,
      email: address,
      boxes: boxes.map((box) => ({ initial: box.defaultChecked, final: box.checked })),
      sha256: await digest(this.text()),
      steps: [{ what: "shown", ms: 0 }, ...this.steps],
      shown_ms: Math.round(performance.now() - this.since),
      viewport: `${innerWidth}x${innerHeight}`,
      page: location.origin + location.pathname,
    };
    return this.flush({ form: this.form.form, key: crypto.randomUUID(), since: Date.now(), body }, true);
  }

  // Send what was filled in; without a connection keep it, say so, and try again until it is taken.
  async flush(item, fresh = false) {
    const { words } = this.form;
    const body = { ...item.body, queued_ms: Math.max(0, Date.now() - item.since) };
    try {
      const asked = await ask(`/v1/public/forms/${item.form}/asked`, body, item.key);
      queue.remove(item.key);
      this.code(asked);
    } catch (error) {
      if (error instanceof TypeError) {
        if (fresh) queue.add(item);
        this.say(words.offline);
        this.later(() => this.flush(item));
      } else {
        queue.remove(item.key);
        this.refused(error, fresh);
      }
    }
  }

  later(does) {
    const now = () => {
      clearTimeout(timer);
      removeEventListener("online", now);
      if (this.isConnected) does();
    };
    const timer = setTimeout(now, AGAIN_MS);
    addEventListener("online", now);
  }

  refused(error, fresh) {
    const { words } = this.form;
    const codes = { "too-many-codes": words.too_many, "too-many": words.too_many };
    const changed = ["another-wording", "form-changed", "not-found"].includes(error.code);
    const text = codes[error.code] || (changed ? words.changed : words.failed);
    if (!fresh) return this.say(text);
    if (error.pointer === "/number") return this.wrong([["number", words.number_missing]]);
    if (error.pointer === "/email") return this.wrong([["email", words.email_missing]]);
    return this.wrong([["", text]]);
  }

  // The code that came to the number or the address: only with it anything counts.
  code(asked, told = "") {
    const { words } = this.form;
    this.asked = asked;
    const digits = { type: "text", class: "digits", inputmode: "numeric", autocomplete: "one-time-code" };
    this.show(
      make(
        "form",
        { novalidate: true, onsubmit: (event) => this.confirm(event) },
        this.heading(words.code_title, { tabindex: "-1", id: "title" }),
        make("p", {}, filled(words[`code_${asked.channel}`], { to: asked.masked })),
        make("p", { role: "status" }, told),
        make("div", { id: "alert" }),
        this.field("code", words.code, "", digits),
        this.row(words.confirm, words.again, () => this.again()),
      ),
    );
    this.find("title").focus();
  }

  async confirm(event) {
    event.preventDefault();
    const { words, form } = this.form;
    const typed = { code: this.find("code").value };
    try {
      const done = await ask(`/v1/public/forms/${form}/asked/${this.asked.id}/confirm`, typed);
      this.done(done.receipt);
    } catch (error) {
      const left = error.details ? error.details[0] : "";
      const known = {
        "code-wrong": filled(words.code_wrong, { left }),
        "code-expired": words.code_expired,
        "too-many-tries": words.too_many,
        "not-found": words.code_expired,
      };
      this.wrong([["code", known[error.code] || words.failed]]);
    }
  }

  async again() {
    const { words, form } = this.form;
    try {
      this.code(await ask(`/v1/public/forms/${form}/asked/${this.asked.id}/again`, {}), words.sent_again);
    } catch (error) {
      const known = { "too-soon": words.too_soon, "too-many-codes": words.too_many };
      this.wrong([["code", known[error.code] || words.failed]]);
    }
  }

  done(receipt) {
    const { words } = this.form;
    this.show(
      this.heading(words.done, { tabindex: "-1", id: "title" }),
      make("p", {}, make("a", { href: `${HOME}/r/${receipt}`, rel: "noreferrer" }, words.receipt)),
    );
    this.find("title").focus();
    this.dispatchEvent(new CustomEvent("belbaar-confirmed", { bubbles: true }));
  }
}

// A number asked at a sale or a gift: what is filled in goes with the shop's own form, as hidden fields in it.
class Nummer extends Shown {
  async connectedCallback() {
    if (this.form || !(await this.load()) || this.form.kind !== "number") return;
    const { shown } = this.form;
    this.setAttribute("lang", shown.language);
    const tel = { type: "tel", autocomplete: "tel", inputmode: "tel" };
    const number = this.field("number", shown.number, shown.hint, tel);
    const boxes = shown.boxes.map((each, place) => this.box(place, each.label));
    const lines = shown.lines.map((line) => make("p", {}, line));
    this.root.replaceChildren(number, ...boxes, ...lines);
    this.root.addEventListener("input", () => this.tell());
    this.root.addEventListener("change", () => this.tell());
    this.tell();
  }

  tell() {
    const box = this.root.querySelector(".box input");
    const told = {
      form: this.form.form,
      version: this.form.version,
      number: this.find("number").value.trim(),
      "opt-out": box && box.checked ? "yes" : "no",
    };
    for (const [name, value] of Object.entries(told)) {
      const field = this.querySelector(`[name=belbaar-${name}]`);
      if (field) field.value = value;
      else this.append(make("input", { type: "hidden", name: `belbaar-${name}`, value }));
    }
  }
}

if (!customElements.get("belbaar-optin")) customElements.define("belbaar-optin", Optin);
if (!customElements.get("belbaar-nummer")) customElements.define("belbaar-nummer", Nummer);
