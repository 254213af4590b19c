/** The page: what is asked, what is found, and what is done with it. */

import {readState, writeState} from "./address_state.js";
import {get, send} from "./api.js";
import {showChips} from "./chips.js";
import {Dials, weightsOf} from "./dials.js";
import {examplePlace} from "./examples.js";
import {Filters} from "./filters.js";
import {bindKeys} from "./keys.js";
import {SoundMap} from "./map.js";
import {One} from "./one.js";
import {audio, now, onChange, onTrouble, play, position, stop} from "./player.js";
import {Rows} from "./rows.js";
import {isOpen, mountSession, opened, take} from "./session.js";
import {SESSION_KEYS} from "./session_keys.js";
import {showTransport} from "./transport.js";
import {PAIRS, peaksOf} from "./waveform.js";

const byId = id => document.getElementById(id);
const words = byId("words"), told = byId("told"), canvas = byId("map"), legend = byId("legend");
const asked = {like: [], unlike: [], before: ""};
const SCREEN = 24, MORE = 60, REST_MS = 300, AGAIN_MS = 2000; // hits that are asked for first, and then
let asking = null, resting = 0, generation = 0, collection = "kept", hasSession = false, counted = "";

const compares = () => asked.like.length + asked.unlike.length > 0;
const params = () => ({
  q: [words.value.trim(), filters.query()].filter(Boolean).join(" "),
  like: asked.like.map(each => each.reference), unlike: asked.unlike.map(each => each.reference), aspect: compares() ? dials.asked : [],
});

const say = (text, wrong = false) => { told.textContent = told.title = text; told.className = wrong ? "trouble" : ""; };
const trouble = problem => { if (problem.name !== "AbortError") say(problem.message, true); };

const acts = {
  play: (hit, from, to) => play(hit.asset_id, hit.name, from, to, hit.channels).catch(trouble),
  like: (hit, keepWords = false) => alike(one.referenceOf(hit), titleOf(hit), keepWords),
  unlike: hit => { asked.unlike.push({reference: one.referenceOf(hit), name: titleOf(hit)}); ask(); },
  step: by => stepTake(by),
  use: null,
  rate: (hit, stars) => said(hit, {rating: stars || null}, send("PUT", `/api/marks/${hit.asset_id}`, {rating: stars})),
  note: (hit, note) => said(hit, {note}, send("PUT", `/api/marks/${hit.asset_id}`, {note})),
  keep: (hit, name, drop) => {
    if (!drop) collection = name;
    const left = hit.collections.filter(each => each !== name);
    return said(hit, {collections: drop ? left : [...left, name].sort()}, send("POST", `/api/keep/${hit.asset_id}`, {collection: name, drop}))
      .then(() => filters.load()).catch(trouble);
  },
  trouble,
};
const filters = new Filters(byId("filters"), () => ask());
const dials = new Dials(byId("dials"), () => ask());
export const one = new One(byId("one-sound"), acts);
const rows = new Rows(byId("rows"), need, hit => chosen(hit), (hit, at, number) => number === null ? playHit(hit, at) : goToTake(hit, number));
const map = new SoundMap(canvas, legend, {
  hear: point => play(point.asset_id, point.name, 0, Math.min(point.duration_s, 8), point.channels).catch(trouble),
  choose: point => fetched(point.rank).then(() => rows.choose(point.rank)).catch(trouble),
  like: point => alike(String(point.asset_id), point.name),
});
const transport = showTransport(byId("transport"));
byId("one").append(examplePlace((reference, name) => alike(reference, name), trouble));

function chosen(hit) {
  one.show(hit);
  transport.channels(hit?.channels ?? 1);
  if (hit && !canvas.hidden) map.mark(hit.asset_id);
}

/** What a person said of a sound is shown at once, and taken back where it could not be kept. */
async function said(hit, change, kept) {
  const before = Object.fromEntries(Object.keys(change).map(name => [name, hit[name]]));
  const show = values => { Object.assign(hit, values); rows.refresh(hit); if (rows.hit === hit) one.show(hit); };
  show(change);
  try { await kept; } catch (problem) { show(before); trouble(problem); }
}

const titleOf = hit => {
  const region = hit === rows.hit && one.region;
  if (region) return `${hit.name}, ${region[0].toFixed(2)}–${region[1].toFixed(2)} s`;
  return hit.takes > 1 ? `${hit.name}, take ${hit.take.index + 1}` : hit.name;
};

/** Search by a sound in all that the filters leave; words come back with Escape. */
function alike(reference, name, keepWords = false) {
  if (!keepWords && words.value) { asked.before = words.value; words.value = ""; }
  asked.like = [{reference, name}];
  asked.unlike = [];
  if (isOpen()) showSession(false); // a sound was dropped on it
  ask();
}

function playHit(hit, at = null) {
  if (!hit) return;
  if (at !== null) acts.play(hit, at, hit.duration_s);
  else acts.play(hit, ...(one.partOf(hit) ?? [0, hit.duration_s]));
}

async function goToTake(hit, number) {
  const [drawn] = await peaksOf([hit.asset_id], PAIRS), edges = drawn?.takes[number];
  if (!edges) return;
  hit.take = {index: number, start_s: edges[0], end_s: edges[1], sync_s: edges[2]};
  rows.refresh(hit);
  if (rows.hit === hit) chosen(hit);
  playHit(hit);
}

const stepTake = by => { const {hit} = rows; if (hit) goToTake(hit, Math.min(hit.takes - 1, Math.max(0, hit.take.index + by))).catch(trouble); };

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const mine = ++generation, begun = performance.now();
  try {
    const answer = get("/api/search", {...params(), limit: SCREEN}, asking.signal);
    tellAsked(); // while it is on its way
    const found = await answer;
    if (mine !== generation) return;
    rows.reset(found.hits, found.reachable);
    performance.measure("answer", {start: begun, end: performance.now()});
    const count = `${found.total.toLocaleString("en")}${found.at_least ? " or more" : ""} ${found.total === 1 ? "sound" : "sounds"}${compares() ? " compared" : ""}`;
    say(counted = [count, ...found.remarks].join(" · "), found.remarks.length > 0);
    empty(found.hits.length ? "" : nothing());
    if (found.hits.length) rows.choose(0); else chosen(null);
    clearTimeout(resting);
    resting = setTimeout(() => { if (mine === generation && rows.total > SCREEN && !rows.hits[SCREEN]) need(SCREEN, MORE); }, REST_MS);
    if (!canvas.hidden && !isOpen()) await lay();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    // What answered another question is not to be taken for an answer to this one.
    rows.reset([], 0);
    chosen(null);
    empty(`${problem.message}. Escape goes a step back.`);
    trouble(problem);
  }
}

function empty(text) {
  byId("empty").textContent = text;
  byId("empty").hidden = !text;
}

/** Why nothing was found, and what to do about it. */
function nothing() {
  const narrowed = filters.chosen.size > 0;
  if (compares()) return `Nothing here can be compared with that${narrowed ? "; take a filter away" : ""}. Escape goes a step back.`;
  if (narrowed) return "Nothing here has all of that. Take a filter away, or use fewer words; Escape goes a step back.";
  if (words.value.trim()) return "Nothing here has all of these words, nor what they are also called. Use fewer, or other ones.";
  return "This library has no sounds yet. Take a folder in: dubstage scan FOLDER";
}

async function need(first, last) {
  if (need.busy) return;
  need.busy = true;
  const mine = generation, offset = Math.max(0, first - 20);
  const end = last <= MORE ? MORE : Math.min(offset + 200, last + 40);
  try {
    const found = await get("/api/search", {...params(), offset, limit: end - offset}, asking?.signal);
    if (mine === generation && found.hits.length) rows.put(offset, found.hits);
    need.busy = false;
    rows.later();
  } catch (problem) {
    if (problem.name === "AbortError") { need.busy = false; rows.later(); return; } // another answer is on its way
    trouble(problem);
    setTimeout(() => { need.busy = false; rows.later(); }, AGAIN_MS); // not with every picture
  }
}

/** The hit of this rank, fetched if it was never on screen. */
async function fetched(rank) {
  if (rows.hits[rank]) return;
  const mine = generation, found = await get("/api/search", {...params(), offset: rank, limit: 1});
  if (mine === generation) rows.put(rank, found.hits);
}

/** What is asked: as chips, as dials where sounds are compared, and in the address. */
function tellAsked() {
  const examples = kind => asked[kind].map((each, index) => ({text: `${kind} ${each.name}`, kind, remove: () => { asked[kind].splice(index, 1); ask(); }}));
  showChips(byId("chips"), [...filters.chips(), ...examples("like"), ...examples("unlike")]);
  byId("dials").hidden = !compares() || isOpen();
  writeState({q: words.value.trim(), like: asked.like, unlike: asked.unlike, aspects: params().aspect, filters: filters.state()});
}

/** What the address says; asked by whoever calls. */
function fromAddress() {
  const kept = readState();
  words.value = kept.q;
  Object.assign(asked, {like: kept.like, unlike: kept.unlike, before: ""});
  dials.set(weightsOf(kept.aspects));
  return filters.restore(kept.filters);
}

/** One step back: the region, likeness, filters, words. */
function back() {
  if (document.activeElement?.matches("textarea, #one input")) { toResults(); return; }
  if (one.clearRegion()) return;
  if (compares()) {
    Object.assign(asked, {like: [], unlike: []});
    if (!words.value) words.value = asked.before;
    asked.before = "";
  } else if (filters.chosen.size) filters.clear();
  else if (words.value) words.value = "";
  else return;
  ask();
}

function step(by) {
  if (!rows.total) return;
  const at = Math.min(rows.total - 1, Math.max(0, rows.chosen + by));
  rows.choose(at);
  if (rows.hit) playHit(rows.hit);
  else fetched(at).then(() => { if (rows.chosen === at) { rows.choose(at); playHit(rows.hit); } }).catch(trouble);
}

const toResults = () => (canvas.hidden ? byId("rows") : canvas).focus();

function showMap(open) {
  canvas.hidden = legend.hidden = !open;
  byId("rows").hidden = open;
  byId("show-map").setAttribute("aria-pressed", String(open));
  toResults();
  if (open) lay().catch(trouble); else { map.leave(); rows.later(); }
}

async function lay() {
  await map.show(params());
  if (rows.hit) map.mark(rows.hit.asset_id);
}

const session = byId("session"), library = document.querySelector("main");
function showSession(open) {
  stop();
  session.hidden = !open;
  for (const part of [library, byId("chips"), byId("transport"), byId("search"), byId("show-map")]) part.hidden = open;
  byId("dials").hidden = open || !compares();
  byId("show-session").setAttribute("aria-pressed", String(open));
  byId("show-session").textContent = open ? "Library" : "Session";
  say(open ? "" : counted); // each view tells of itself
  dispatchEvent(new Event("resize"));
  if (open) { map.leave(); opened(); return; }
  toResults();
  if (!canvas.hidden) lay().catch(trouble);
}

function use(hit) {
  if (!hit) return;
  if (!hasSession) { say("no session is open: start the page with dubstage serve SESSION.otio"); return; }
  showSession(true);
  take(hit);
}

mountSession(session, say, () => showSession(false)).then(some => {
  hasSession = some;
  byId("show-session").hidden = !some;
  if (some) { acts.use = use; if (rows.hit) one.show(rows.hit); }
}).catch(trouble);

bindKeys({
  words, toResults, help: byId("help"), isOpen, sessionKeys: SESSION_KEYS, step, back, playHit, stepTake, use, showMap, acts, edge: end => one.edge(end),
  hit: () => rows.hit, toSession: () => { if (hasSession) showSession(session.hidden); },
  first: () => step(-rows.total), last: () => step(rows.total), stop, playing: () => !audio.paused,
  mapped: () => !canvas.hidden, mark: hit => acts.keep(hit, collection, hit.collections.includes(collection)),
});
byId("show-map").addEventListener("click", () => showMap(canvas.hidden));
byId("show-session").addEventListener("click", () => showSession(session.hidden));
byId("search").addEventListener("submit", event => event.preventDefault());
words.addEventListener("input", ask);
const heard = () => { rows.follow(now.id, position()); one.repaint(); };
onTrouble(trouble);
onChange(() => {
  heard();
  if (!audio.paused && !heard.runs) {
    heard.runs = true;
    requestAnimationFrame(function tick() { heard(); heard.runs = !audio.paused; if (heard.runs) requestAnimationFrame(tick); });
  }
});
addEventListener("hashchange", () => { fromAddress(); ask(); });
const needsFilters = fromAddress();
words.focus();
const loaded = filters.load().catch(trouble);
if (needsFilters) loaded.then(() => { fromAddress(); ask(); }); else ask();
