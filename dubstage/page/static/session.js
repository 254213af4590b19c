/** A session: its cues, its timeline, and for each clip what else it might be played with. */

import {address, get, send} from "./api.js";
import {audio, play, playAddress, stop} from "./player.js";
import {renderPanel} from "./render.js";
import {frameOf, label} from "./timecode.js";
import {Timeline} from "./timeline.js";

const AROUND_S = 2;
let session = null, timeline = null, box = null, tell = () => {};

export const isOpen = () => box && !box.hidden;

/** @param told shows a line, or a trouble */
export async function mountSession(place, told) {
  box = place;
  tell = told;
  const {sessions, has_video: video} = await get("/api/sessions");
  if (!sessions.length) return false;
  const top = element("div", "bar"), pick = element("select"), cues = element("div", "cues"), right = element("div", "choices");
  pick.setAttribute("aria-label", "Session");
  for (const each of sessions) pick.add(new Option(each.name, each.key));
  pick.addEventListener("change", () => open(pick.value));
  const act = (text, does, hint) => { const press = element("button", "", text); press.type = "button"; press.title = hint; press.addEventListener("click", does); top.append(press); };
  top.append(pick);
  act("Undo", () => change("undo"), "u");
  act("Redo", () => change("redo"), "r");
  act("−", () => timeline.zoom(1.5), "zoom out");
  act("+", () => timeline.zoom(0.67), "zoom in");
  act("Hear in place", hear, "space");
  const place2 = element("output", "place");
  top.append(place2, renderPanel(() => session, tell));
  const canvas = document.createElement("canvas"), lanes = element("div", "lanes");
  canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", "Timeline");
  lanes.append(canvas);
  if (video) {
    const picture = document.createElement("video");
    picture.src = "/api/video";
    picture.muted = true;
    right.before(picture);
    lanes.prepend(picture);
    audio.addEventListener("timeupdate", () => { if (timeline.playhead !== null) picture.currentTime = (timeline.playhead - session.start_samples) / session.sample_rate_hz; });
  }
  cues.role = "listbox";
  cues.tabIndex = 0;
  cues.setAttribute("aria-label", "Cues");
  box.append(top, cues, lanes, right);
  timeline = new Timeline(canvas, clip => choose(clip.id), at => { timeline.playhead = at; timeline.paint(); place2.textContent = label(frameOf(at, session), session); });
  await open(sessions[0].key);
  return true;
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

async function open(key) { put(await get(`/api/session/${key}`)); }

function put(found) {
  session = found;
  timeline.open(session);
  const list = box.querySelector(".cues");
  list.replaceChildren(...session.cues.map(cue => {
    const row = element("div", "cue");
    row.role = "option";
    row.dataset.cue = cue.number;
    row.append(element("b", "", `${cue.number}  ${label(cue.in_frame, session)}`), element("span", "", cue.query || cue.sound || cue.note || "by hand"), element("small", "", `${cue.stem}:${cue.track} · ${cue.clips.length} ${cue.clips.length === 1 ? "clip" : "clips"}`));
    row.addEventListener("click", () => cue.clips.length ? choose(cue.clips[0]) : showChoices(cue.number));
    return row;
  }));
  if (session.problems.length) tell(session.problems[0], true);
  mark();
}

export const chosenClip = () => session?.tracks.flatMap(track => track.clips).find(clip => clip.id === timeline.chosen) ?? null;

function choose(id) {
  timeline.chosen = id;
  const clip = chosenClip();
  if (clip) {
    timeline.playhead = clip.sync_samples ?? clip.record_start_samples;
    if (timeline.playhead < timeline.from || timeline.playhead > timeline.to) {
      const half = (timeline.to - timeline.from) / 2;
      timeline.show(timeline.playhead - half, timeline.playhead + half);
    }
    box.querySelector(".place").textContent = label(frameOf(timeline.playhead, session), session);
  }
  mark();
  timeline.paint();
  if (clip) showChoices(clip.cue).catch(problem => tell(problem.message, true));
}

function mark() {
  const cue = chosenClip()?.cue;
  for (const row of box.querySelectorAll(".cue")) {
    row.classList.toggle("chosen", row.dataset.cue === cue);
    row.setAttribute("aria-selected", String(row.dataset.cue === cue));
  }
}

async function showChoices(number) {
  const right = box.querySelector(".choices"), clip = chosenClip();
  right.replaceChildren();
  if (clip) {
    const line = element("div", "acts"), gain = document.createElement("input"), label2 = element("label", "", "Gain dB ");
    Object.assign(gain, {type: "number", step: 0.5, value: clip.gain_db});
    gain.addEventListener("change", () => change("edit", {op: "gain", clip: clip.id, db: Number(gain.value)}));
    label2.append(gain);
    const press = (text, does) => { const made = element("button", "", text); made.type = "button"; made.addEventListener("click", does); line.append(made); };
    press("◀ frame", () => nudge({frames: -1}));
    press("frame ▶", () => nudge({frames: 1}));
    press(clip.locked ? "Unlock" : "Lock", toggleLock);
    if (clip.added) press("Remove", () => change("edit", {op: "remove", clip: clip.id}));
    const moved = clip.nudged[0] || clip.nudged[1] ? ` · nudged ${clip.nudged[0]} frames ${clip.nudged[1]} samples` : "";
    right.append(element("h2", "", `Cue ${clip.cue}: ${clip.name}`), element("p", "faint", `${clip.why}${moved}${clip.locked ? ` · locked by ${clip.locked_by}` : ""}`), line, label2);
  }
  const found = await get(`/api/session/${session.key}/cue/${encodeURIComponent(number)}/shortlist`, {limit: 12});
  if (clip?.id !== timeline.chosen && clip) return;
  for (const one of found.candidates) {
    const row = element("div", "choice"), swap = element("button", "", one.plays ? "plays" : "Swap");
    swap.type = "button";
    swap.disabled = one.plays;
    swap.setAttribute("aria-label", `Swap for ${one.name}`);
    swap.addEventListener("click", () => swapFor(one.asset_id, one.take));
    const hear2 = element("button", "", "▶");
    hear2.type = "button";
    hear2.setAttribute("aria-label", `Hear ${one.name}`);
    hear2.addEventListener("click", () => play(one.asset_id, one.name, one.take_start_s, one.take_end_s));
    const text = element("div");
    text.append(element("b", "", one.name), element("small", "", one.why));
    row.append(hear2, text, swap);
    right.append(row);
  }
}

async function change(what, asked = {}) {
  const keep = timeline.chosen;
  try {
    const found = await send("POST", `/api/session/${session.key}/${what}`, {version: session.version, ...asked});
    put(found);
    choose(found.new_clips?.length && !session.tracks.some(track => track.clips.some(clip => clip.id === keep)) ? found.new_clips[0] : keep);
    tell("saved");
  } catch (problem) {
    tell(problem.message, true);
    await open(session.key);
  }
}

const nudge = by => timeline.chosen && change("edit", {op: "nudge", clip: timeline.chosen, ...by});
const toggleLock = () => { const clip = chosenClip(); if (clip) change("edit", {op: clip.locked ? "unlock" : "lock", clip: clip.id}); };
function swapFor(assetId, take) { const clip = chosenClip(); if (clip) change("edit", {op: "swap", clip: clip.id, asset_id: assetId, take}); }

/** Play the chosen clip with its neighbours, as the stems will have it. */
export function hear() {
  if (!audio.paused) { stop(); return; }
  const clip = chosenClip(), hz = session.sample_rate_hz;
  const from = Math.max(session.start_samples, (clip ? clip.record_start_samples : timeline.playhead ?? session.start_samples) - AROUND_S * hz);
  const to = Math.min(session.end_samples, clip ? clip.record_start_samples + clip.duration_samples + AROUND_S * hz : from + 10 * hz);
  playAddress(address(`/api/session/${session.key}/audition`, {from, to}), clip ? `cue ${clip.cue}, in place` : "in place", seconds => { timeline.playhead = from + seconds * hz; timeline.paint(); });
}

/** A sound of the library for the chosen clip; without one, a new clip at the playhead. */
export function take(hit) {
  if (!session) return;
  if (chosenClip()) swapFor(hit.asset_id, hit.take.index);
  else change("edit", {op: "add", stem: "fx", track: "hard", samples: Math.round(timeline.playhead ?? session.start_samples), asset_id: hit.asset_id, take: hit.take.index});
}

function step(by) {
  const clips = session.tracks.flatMap(track => track.clips).sort((a, b) => a.record_start_samples - b.record_start_samples);
  const at = clips.findIndex(clip => clip.id === timeline.chosen);
  if (clips.length) choose(clips[Math.min(clips.length - 1, Math.max(0, at + by))].id);
}

export const KEYS = [
  ["ArrowRight", "session: next clip", () => step(1)], ["ArrowLeft", "session: clip before", () => step(-1)],
  [",", "session: a frame earlier", () => nudge({frames: -1})], [".", "session: a frame later", () => nudge({frames: 1})],
  ["<", "session: a hundredth of a frame earlier", () => nudge({samples: -Math.max(1, Math.round(session.sample_rate_hz * session.fps[1] / session.fps[0] / 100))})],
  [">", "session: a hundredth of a frame later", () => nudge({samples: Math.max(1, Math.round(session.sample_rate_hz * session.fps[1] / session.fps[0] / 100))})],
  ["k", "session: lock, unlock", toggleLock], ["+", "session: zoom in", () => timeline.zoom(0.67)], ["-", "session: zoom out", () => timeline.zoom(1.5)],
  ["z", "session: undo", () => change("undo")], ["y", "session: redo", () => change("redo")], [" ", "session: hear in place", hear],
];
