/** The session view: cues, sounds, timeline, picture and renders, and what its keys do. */

import {get} from "./api.js";
import {InPlace, around, frameStart, pictureIn} from "./in_place.js";
import {RenderPanel} from "./render.js";
import {showClip} from "./session_clip.js";
import {CueList} from "./session_cues.js";
import {Edits} from "./session_edits.js";
import {bindKeys} from "./session_keys.js";
import {clipOf, preview, trimmable} from "./session_preview.js";
import {Shortlist} from "./session_shortlist.js";
import {samplesOf, subframe, timecode} from "./timecode.js";
import {Timeline} from "./timeline.js";

const byId = id => document.getElementById(id);
const LAYOUT = `<div class="head"><label class="unseen" for="sessions">Session</label><select id="sessions"></select>
  <output id="clock" aria-label="Timecode at the playhead"></output>
  <button id="play" type="button" aria-label="Play from the playhead, or stop" title="space">▶</button><button id="hear" type="button" title="Enter">Hear cue</button>
  <button id="undo" type="button" title="Ctrl Z" disabled>Undo</button><button id="redo" type="button" title="Ctrl Shift Z" disabled>Redo</button>
  <span class="gap"></span><button id="show-render" type="button" aria-pressed="false" title="r">Render</button></div>
  <div id="desk"><section id="cues" aria-label="Cues"></section><section id="choose" aria-label="Sounds for the cue"></section>
  <div id="side"><section id="picture" aria-label="Picture" hidden></section><section id="clip" aria-label="The chosen clip" aria-live="polite"></section>
  <section id="render" aria-label="Render" hidden></section></div><section id="timeline" aria-label="Timeline"></section></div><dialog id="paper" aria-label="Report"></dialog>`;

let box = null, tell = () => {}, leave = () => {}, session = null, clipId = null;
let edits, cues, timeline, list, render, inPlace;

const say = (text, wrong = false) => tell(text, wrong);
const trouble = problem => say(problem.message, true);
export const isBusy = () => edits.busy;
export const shown = () => ({session, timeline});
export const isOpen = () => box !== null && !box.hidden;

/** Build the view; whether there is any session to show.
 * @param told shows a line, or a trouble @param toLibrary goes back to the library */
export async function mountSession(place, told, toLibrary) {
  const {sessions, has_video: hasVideo} = await get("/api/sessions");
  if (!sessions.length) return false;
  tell = told;
  leave = toLibrary;
  place.innerHTML = LAYOUT;
  edits = new Edits(show, trouble);
  cues = new CueList(byId("cues"), chooseCue);
  timeline = new Timeline(byId("timeline"), {choose: clip => chooseClip(clip.id), place: go, trim: edit => edits.ask(edit)});
  list = new Shortlist(byId("choose"), {hear: tryOne, use: useOne, add: addOne, trouble});
  render = new RenderPanel(byId("render"), byId("paper"), trouble);
  inPlace = new InPlace({
    at: samples => { timeline.follow(samples); clock(); },
    change: () => { byId("play").textContent = inPlace.playing ? "■" : "▶"; },
    trouble,
  });
  byId("sessions").replaceChildren(...sessions.map(each => new Option(each.name, each.key)));
  byId("sessions").addEventListener("change", event => edits.open(event.target.value).then(begin).catch(trouble));
  for (const id of ["play", "hear", "undo", "redo"]) byId(id).addEventListener("click", () => acts[id]());
  byId("show-render").addEventListener("click", showRender);
  addEventListener("focus", lookAgain);
  addEventListener("beforeunload", event => { if (edits.busy) event.preventDefault(); }); // not all is saved
  bindKeys(acts, isOpen);
  if (hasVideo) inPlace.video = pictureIn(byId("picture"));
  await edits.open(sessions[0].key);
  box = place;
  begin();
  return true;
}

function begin() { clipId = null; cues.step(0); }

/** The view is shown: the keys go to the cues. */
export function opened() { cues.list.focus({preventScroll: true}); timeline.later(); }

/** Another program may have saved it meanwhile. */
async function lookAgain() {
  if (!isOpen() || edits.busy) return;
  try {
    const now = await get(`/api/session/${session.key}`);
    if (now.version !== session.version && !edits.busy) { await edits.open(now.key); say("changed by another program; shown anew"); }
  } catch (problem) { trouble(problem); }
}

function show(now, edit, waiting = []) {
  const before = session;
  session = inPlace.session = now;
  for (const next of waiting) preview(now, next);
  cues.show(now);
  timeline.show(now);
  if (edit && now.new_clips?.length) clipId = now.new_clips[0];
  if (!find(clipId)) clipId = null;
  const clip = find(clipId);
  if (clip && edit && now.new_clips?.length) cues.choose(clip.cue, false);
  byId("undo").disabled = !now.can_undo;
  byId("redo").disabled = !now.can_redo;
  if (before?.key === now.key && edit) say("saved");
  if (!byId("render").hidden) render.show(now).catch(trouble);
  refresh();
}

function refresh() {
  const clip = find(clipId);
  timeline.chosen = new Set(clip ? [clip.id] : []);
  timeline.cue = cues.chosen;
  timeline.later();
  list.show(session, cues.cue);
  const track = clip && session.tracks.find(each => each.clips.includes(clip));
  showClip(byId("clip"), session, clip, track, cues.cue, {gain: db => asked({op: "gain", clip: clip.id, db}), trim: edit => asked({op: "trim", clip: clip.id, ...edit}), lock: acts.lock, remove: acts.remove});
  clock();
}

const find = id => clipOf(session, id);

function clock() { byId("clock").value = timecode(timeline.playhead, session, session.sample_rate_hz); }

/** Put the playhead, and the picture, at a place. */
function go(samples) {
  if (inPlace.playing) inPlace.stop();
  timeline.playhead = Math.min(session.end_samples - 1, Math.max(session.start_samples, samples));
  timeline.later();
  inPlace.still(timeline.playhead);
  clock();
}

function chooseCue(cue) {
  clipId = cue.clips[0] ?? null;
  go(samplesOf(cue.in_frame, session, session.sample_rate_hz));
  if (clipId) timeline.revealClip(clipId); else timeline.reveal(timeline.playhead, timeline.playhead);
  refresh();
}

function chooseClip(id) {
  clipId = id;
  const clip = find(id);
  if (clip.cue !== cues.chosen) cues.choose(clip.cue, false);
  if (!inPlace.playing) go(clip.sync_samples ?? clip.record_start_samples);
  timeline.revealClip(id);
  refresh();
}

/** The stretch of the cue, or of the clip that is chosen in it, with its neighbours. */
function stretch() {
  const clip = find(clipId), cue = cues.cue;
  if (clip && (cue?.clips.length ?? 0) > 1 && clip !== find(cue.clips[0])) return around(session, clip.record_start_samples, clip.record_start_samples + clip.duration_samples);
  if (!cue) return {from: timeline.playhead};
  const clips = cue.clips.map(find).filter(Boolean);
  const from = Math.min(samplesOf(cue.in_frame, session, session.sample_rate_hz), ...clips.map(each => each.record_start_samples));
  const to = Math.max(from, ...clips.map(each => each.record_start_samples + each.duration_samples));
  return around(session, from, Math.min(to, from + 12 * session.sample_rate_hz));
}

/** A whole cue is swapped, unless one of its several clips was chosen on the timeline. */
const target = () => {
  const clip = find(clipId), cue = cues.cue;
  if (!cue) return null;
  return clip && cue.clips.length > 1 && clip.id !== cue.clips[0] ? {clip: clip.id} : {cue: cue.number};
};

function tryOne(one) {
  const where = target();
  if (!one) return;
  if (!where || !cues.cue.clips.length) return inPlace.play({from: timeline.playhead, to: timeline.playhead + 5 * session.sample_rate_hz}, one.name);
  return inPlace.play({...stretch(), ...where, asset_id: one.asset_id, take: one.take}, `trying ${one.name} in ${cues.chosen}`);
}

function useOne(one) {
  if (!one) return;
  if (!cues.cue) return addOne(one);
  if (!cues.cue.clips.length) return addOne(one, cues.cue);
  const where = target();
  say(`${one.name} → ${where.cue ?? "one clip"} …`);
  return edits.ask({op: "swap", ...where, asset_id: one.asset_id, take: one.take});
}

function addOne(one, cue = null) {
  if (!one) return;
  const like = cue ?? cues.cue ?? {stem: "fx", track: "hard"};
  const at = cue ? samplesOf(cue.in_frame, session, session.sample_rate_hz) : timeline.playhead;
  return edits.ask({op: "add", stem: like.stem, track: like.track, samples: at, asset_id: one.asset_id, take: one.take, ...(cue ? {cue: cue.number} : {})});
}

/** Ask for an edit, and show it at once: the next key is pressed on what is seen. */
function asked(edit) {
  if (edit.op === "trim") {
    const clip = find(edit.clip), [head, tail] = trimmable(clip, session, edit.head ?? 0, edit.tail ?? 0);
    if (!(head || tail)) return say(`cue ${clip.cue}: there is nothing more ${Math.max(edit.head ?? 0, edit.tail ?? 0) > 0 ? "to cut off" : "of its recording to open"} there`);
    edit = {...edit, head, tail}; // what could not be done adds nothing to what is asked next
  }
  preview(session, edit);
  if (edit.op === "nudge") timeline.revealClip(edit.clip); else timeline.later();
  return edits.ask(edit);
}

const change = (op, more = {}) => { const clip = find(clipId); if (clip) asked({op, clip: clip.id, ...more}); else say("choose a clip first"); };
const nudge = (frames, samples = 0) => change("nudge", {frames, samples});

/** By frames; and to the playhead. */
const trim = (edge, frames) => change("trim", {[edge]: Math.round(frames * session.sample_rate_hz * session.fps[1] / session.fps[0])});
function trimToPlayhead(edge) {
  const clip = find(clipId), at = timeline.playhead;
  if (!clip) return say("choose a clip first");
  return change("trim", {[edge]: edge === "head" ? at - clip.record_start_samples : clip.record_start_samples + clip.duration_samples - at});
}

/** Clips of the chosen cue's track, or of all, in order of time. */
function stepClip(by) {
  const clip = find(clipId);
  const tracks = clip ? session.tracks.filter(track => track.stem === session.tracks.find(each => each.clips.includes(clip)).stem && track.name === session.tracks.find(each => each.clips.includes(clip)).name) : session.tracks;
  const clips = tracks.flatMap(track => track.clips).sort((a, b) => a.record_start_samples - b.record_start_samples);
  if (!clips.length) return;
  const at = clips.indexOf(clip);
  chooseClip(clips[at < 0 ? 0 : Math.min(clips.length - 1, Math.max(0, at + by))].id);
}

const acts = {
  play: () => inPlace.playing ? inPlace.stop() : inPlace.play({from: timeline.playhead}, "playing"),
  hear: () => inPlace.play(stretch(), cues.cue ? `${cues.cue.number} in place` : "playing"),
  alone: () => { const clip = find(clipId); if (clip) inPlace.play({from: clip.record_start_samples, to: clip.record_start_samples + clip.duration_samples, only: clip.id}, `${clip.name} alone`); },
  cue: by => cues.step(by), clip: stepClip, frame: by => go(frameStart(session, timeline.playhead, by)),
  nudge, sub: by => nudge(0, by * subframe(session, session.sample_rate_hz)),
  lock: () => { const clip = find(clipId); if (clip) change(clip.locked ? "unlock" : "lock"); },
  lockCue: () => { const cue = cues.cue; if (cue) edits.ask({op: cue.locked ? "unlock" : "lock", cue: cue.number}); },
  gain: by => { const clip = find(clipId); if (clip) change("gain", {db: clip.gain_db + by}); },
  trim, trimToPlayhead, remove: () => change("remove"), undo: () => edits.step(true), redo: () => edits.step(false),
  zoom: factor => timeline.zoom(factor), whole: () => timeline.whole(), fit: () => { if (clipId) timeline.revealClip(clipId, true); },
  candidate: n => { list.choose(n); return tryOne(list.one); }, nextCandidate: by => { list.choose(list.chosen + by); return tryOne(list.one); },
  use: () => useOne(list.one), add: () => addOne(list.one), search: () => list.words.focus(),
  help: () => byId("help").showModal(), library: () => leave(), render: showRender,
  top: () => go(session.start_samples),
};

function showRender() {
  const panel = byId("render"), opens = panel.hidden;
  panel.hidden = !opens;
  byId("clip").hidden = opens;
  byId("picture").hidden = opens || !inPlace.video;
  byId("show-render").setAttribute("aria-pressed", String(opens));
  if (opens) { render.show(session).catch(trouble); byId("start-render").focus(); } else cues.list.focus();
}

/** A sound found in the library: for the chosen cue, or at the playhead where none is chosen. */
export function take(hit) {
  return useOne({asset_id: hit.asset_id, take: hit.take.index, name: hit.name});
}
