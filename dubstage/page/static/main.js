/** The page: what is asked, what is found, and the keys. */

import {get, send} from "./api.js";
import {showFilters} from "./filters.js";
import {showMap} from "./map.js";
import {chosenRegion, follow, showOne} from "./one.js";
import {audio, play, stop} from "./player.js";
import {Rows} from "./rows.js";
import {KEYS as SESSION_KEYS, isOpen, mountSession, take} from "./session.js";
import {dropPlace, showTransport} from "./transport.js";

const byId = id => document.getElementById(id);
const words = byId("words"), told = byId("told"), one = byId("one"), map = byId("map");
const asked = {filters: [], like: [], unlike: []};
const WAIT_MS = 60, SCREEN = 60;
let asking = null, waiting = 0, generation = 0;

const params = () => ({
  q: [words.value, ...asked.filters].filter(Boolean).join(" "),
  like: asked.like.map(each => each.reference), unlike: asked.unlike.map(each => each.reference),
});

const rows = new Rows(byId("rows"), need, hit => guarded(showOne(one, hit, acts)), (hit, at) => playHit(hit, at));
const acts = {
  play: (hit, from, to) => play(hit.asset_id, hit.name, from, to),
  like: (reference, name) => { asked.like = [{reference, name}]; ask(); },
  unlike: (reference, name) => { asked.unlike.push({reference, name}); ask(); },
};

function playHit(hit, at = null) {
  if (!hit) return;
  const region = chosenRegion();
  if (at !== null) return play(hit.asset_id, hit.name, at, hit.duration_s);
  if (region) return play(hit.asset_id, hit.name, ...region);
  const whole = hit.takes <= 1;
  return play(hit.asset_id, hit.name, whole ? 0 : hit.take.start_s, whole ? hit.duration_s : hit.take.end_s);
}

async function ask() {
  clearTimeout(waiting);
  showChips();
  asking?.abort();
  asking = new AbortController();
  const mine = ++generation, begun = performance.now();
  try {
    const found = await get("/api/search", {...params(), limit: SCREEN}, asking.signal);
    if (mine !== generation) return;
    rows.reset(found.hits, found.reachable);
    performance.measure("answer", {start: begun, end: performance.now()});
    told.className = "";
    told.textContent = found.remarks[0] ?? `${found.total.toLocaleString("en")} ${found.total === 1 ? "sound" : "sounds"}`;
    if (found.remarks.length) told.className = "trouble";
    if (found.hits.length) rows.choose(0); else showOne(one, null, acts);
    one.append(drop);
    if (!map.hidden) await drawMap();
  } catch (problem) { if (problem.name !== "AbortError") trouble(problem); }
}

async function need(first, last) {
  const mine = generation;
  const offset = Math.max(0, first - 20);
  if (need.busy) return;
  need.busy = true;
  try {
    const found = await get("/api/search", {...params(), offset, limit: Math.min(200, last - offset + 40)});
    if (mine === generation) rows.put(offset, found.hits);
  } catch (problem) { trouble(problem); } finally { need.busy = false; rows.later(); }
}

const trouble = problem => { told.textContent = problem.message; told.className = "trouble"; };
const guarded = work => Promise.resolve(work).then(() => one.append(drop)).catch(trouble);
const drop = dropPlace((reference, name) => acts.like(reference, name));

function showChips() {
  const chip = (text, list, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${text} ×`;
    button.setAttribute("aria-label", `Take away: ${text}`);
    button.addEventListener("click", () => { list.splice(index, 1); ask(); });
    return button;
  };
  byId("chips").replaceChildren(
    ...asked.filters.map((text, n) => chip(text, asked.filters, n)),
    ...asked.like.map((each, n) => chip(`like ${each.name}`, asked.like, n)),
    ...asked.unlike.map((each, n) => chip(`unlike ${each.name}`, asked.unlike, n)),
  );
}

async function drawMap() {
  await showMap(map, params(), point => get(`/api/sound/${point.asset_id}`).then(sound => play(point.asset_id, point.name, 0, Math.min(sound.duration_s, 4))).catch(trouble),
    point => { byId("show-map").click(); acts.like(String(point.asset_id), point.name); });
}

byId("show-map").addEventListener("click", event => {
  map.hidden = !map.hidden;
  byId("rows").hidden = !map.hidden;
  event.currentTarget.setAttribute("aria-pressed", String(!map.hidden));
  if (!map.hidden) drawMap().catch(trouble);
});

const session = byId("session"), library = document.querySelector("main");
function showSession(open) {
  session.hidden = !open;
  library.hidden = open;
  byId("show-session").setAttribute("aria-pressed", String(open));
  dispatchEvent(new Event("resize"));
}
byId("show-session").addEventListener("click", () => showSession(session.hidden));
mountSession(session, (text, bad) => { told.textContent = text; told.className = bad ? "trouble" : ""; })
  .then(some => { byId("show-session").hidden = !some; }).catch(trouble);

const KEYS = [
  ["Enter", "use this sound for the chosen clip, or at the playhead", () => { if (rows.hit && !byId("show-session").hidden) { take(rows.hit); showSession(true); } }],
  ["Tab", "from control to control", () => {}], ["s", "session, library", () => { if (!byId("show-session").hidden) showSession(session.hidden); }],
  ["/", "search", () => words.focus()], ["ArrowDown", "next sound, played", () => step(1)], ["ArrowUp", "the one before", () => step(-1)],
  ["PageDown", "ten on", () => step(10)], ["PageUp", "ten back", () => step(-10)], [" ", "play, stop", () => audio.paused ? playHit(rows.hit) : stop()],
  ["l", "more like this", () => rows.hit && acts.like(String(rows.hit.asset_id), rows.hit.name)],
  ["u", "less like this", () => rows.hit && acts.unlike(String(rows.hit.asset_id), rows.hit.name)],
  ["m", "mark: keep it", () => rows.hit && send("POST", `/api/keep/${rows.hit.asset_id}`, {collection: "kept"}).then(said => { told.textContent = `kept, ${said.sounds} in all`; }, trouble)],
  ["p", "map", () => byId("show-map").click()], ["Escape", "clear likeness, then filters", () => { if (asked.like.length || asked.unlike.length) { asked.like = []; asked.unlike = []; } else asked.filters = []; ask(); }],
  ["?", "these keys", () => byId("help").showModal()],
];

function step(by) {
  const at = Math.min(rows.total - 1, Math.max(0, rows.chosen + by));
  rows.choose(at);
  playHit(rows.hit);
}

addEventListener("keydown", event => {
  const typing = event.target.matches("input[type=search], textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (typing && !(event.target === words && ["ArrowDown", "ArrowUp", "Escape", "Enter"].includes(event.key))) return;
  if (event.target.matches("button, summary, input[type=range]") && [" ", "Enter", "ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (event.key === "Enter" && event.target === words) { byId("rows").focus(); event.preventDefault(); return; }
  if (event.key === "Tab") return;
  const key = (isOpen() ? SESSION_KEYS.find(each => each[0] === event.key) : null) ?? KEYS.find(each => each[0] === event.key);
  if (key) { event.preventDefault(); key[2](); }
});

byId("show-help").addEventListener("click", () => byId("help").showModal());
byId("help").innerHTML = `<h1>Keys</h1><table>${[...KEYS, ...SESSION_KEYS].map(([key, text]) => `<tr><td><kbd>${key === " " ? "space" : key.replace("<", "&lt;")}</kbd></td><td>${text}</td></tr>`).join("")}</table><form method="dialog"><button>Close</button></form>`;
byId("search").addEventListener("submit", event => event.preventDefault());
words.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT_MS); });
showTransport(byId("transport"));
showFilters(byId("filters"), filter => { if (!asked.filters.includes(filter)) asked.filters.push(filter); ask(); }).catch(trouble);
(function tick() { if (!audio.paused) follow(one); requestAnimationFrame(tick); })();
words.focus();
ask();
