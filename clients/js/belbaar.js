// The client: every end point of the service, typed by its own description; and the few that a dialer needs, which are
// a no whenever there is no answer.
//
// The types in schema.d.ts are generated from the service's OpenAPI description: make clients

import createClient from "openapi-fetch";

/** @typedef {import("./schema.js").paths} paths */
/** @typedef {import("./schema.js").components["schemas"]} Schemas */

const AGAIN = new Set([429, 502, 503, 504]);
const SHORTEST = 50;
const LONGEST = 2000;

/**
 * Make a client.
 *
 * @param {string} url where the service is, such as http://127.0.0.1:8080
 * @param {string} key a key of the organisation: bel_…
 * @param {{ milliseconds?: number }} [options] how long an answer may take; after that it is a no
 */
export function belbaar(url, key, { milliseconds = 2000 } = {}) {
  const api = /** @type {import("openapi-fetch").Client<paths>} */ (
    createClient({ baseUrl: url, headers: { Authorization: `Bearer ${key}` }, redirect: "error" })
  );

  return {
    /** Every end point, by its path: `api.POST("/v1/history", { body: … })`. */
    api,

    /**
     * May this call be made? `allowed` is true for a whole answer that says so, and for nothing else.
     *
     * @param {Schemas["Question"]} question
     */
    async mayCall(question) {
      const { data, problem } = await asked(milliseconds, (signal) => api.POST("/v1/verdicts", { body: question, signal }));
      return { ...(data ?? {}), allowed: data?.allowed === true, verdict: data ?? null, problem };
    },

    /**
     * Show a permit for the call that is about to be made; it is used up.
     *
     * @param {Schemas["Shown"]} shown
     */
    async usePermit(shown) {
      const { data, problem } = await asked(milliseconds, (signal) => api.POST("/v1/permits/use", { body: shown, signal }));
      return { allowed: data?.allowed === true, used: data ?? null, problem };
    },

    /**
     * Record events, once, however often they are sent.
     *
     * @param {...Record<string, unknown>} events
     * @returns {Promise<Schemas["Outcome"]>}
     * @throws {NotRecorded} when it is not known that they are recorded; sending them again does no harm
     */
    async record(...events) {
      const sent = { "Idempotency-Key": crypto.randomUUID() };
      const { data, problem } = await asked(Math.max(milliseconds, 10_000), (signal) =>
        api.POST("/v1/events", { body: events, params: { header: sent }, signal }),
      );
      if (!data) throw new NotRecorded(problem);
      return data;
    },
  };
}

/** It is not known to be recorded: send it again. `problem` says why. */
export class NotRecorded extends Error {
  /** @param {Schemas["Problem"] | null} problem */
  constructor(problem) {
    super(problem ? `${problem.code}: ${problem.detail}` : "not recorded");
    this.name = "NotRecorded";
    this.problem = problem;
  }
}

/**
 * Send a request, and again while that may help and there is time.
 *
 * @template D
 * @param {number} milliseconds
 * @param {(signal: AbortSignal) => Promise<{ data?: D, error?: unknown, response: Response }>} send
 * @returns {Promise<{ data: D | null, problem: Schemas["Problem"] | null }>}
 */
async function asked(milliseconds, send) {
  const end = performance.now() + milliseconds;
  for (let pause = SHORTEST; ; pause = Math.min(pause * 2, LONGEST)) {
    const left = Math.max(Math.ceil(end - performance.now()), 1);
    const came = await attempt(AbortSignal.timeout(left), send);
    if (came.status === 200 && came.data) return { data: came.data, problem: null };
    const wait = came.again ? came.seconds * 1000 || pause * (0.5 + Math.random()) : Infinity;
    if (performance.now() + wait >= end) return { data: null, problem: came.problem };
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/**
 * @template D
 * @param {AbortSignal} signal
 * @param {(signal: AbortSignal) => Promise<{ data?: D, error?: unknown, response: Response }>} send
 */
async function attempt(signal, send) {
  try {
    const { data, error, response } = await send(signal);
    const { status } = response;
    const seconds = Number(response.headers.get("Retry-After")) || 0;
    return { status, data, again: AGAIN.has(status), seconds, problem: problemOf(error, status) };
  } catch (error) {
    const problem = problemOf(null, 0);
    return { status: 0, data: undefined, again: !(error instanceof SyntaxError), seconds: 0, problem };
  }
}

/**
 * @param {unknown} error
 * @param {number} status
 * @returns {Schemas["Problem"]}
 */
function problemOf(error, status) {
  if (error && typeof error === "object" && "code" in error) return /** @type {Schemas["Problem"]} */ (error);
  const code = status ? "nonsense" : "unreachable";
  const detail = status ? "What came back is no answer of the service." : "The service did not answer in time.";
  const remedy = "Do not call. Ask again later.";
  return { type: "", title: code, status, detail, code, pointer: "", remedy, details: [], allowed: false };
}
