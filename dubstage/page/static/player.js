/** The player: one audio element, whose speed is the pitch, as on a tape machine. */

import {address} from "./api.js";

export const audio = new Audio();
audio.preservesPitch = false;
let context = null, level = null;
export const dials = {loop: false, reverse: false, gain: 0, semitones: 0, solo: ""};
export const now = {id: null, name: "", from: 0, to: 0, channels: 1};
const listeners = new Set(), troubled = new Set();

export function onChange(listener) { listeners.add(listener); }
/** @param listener told (problem) where something cannot be played, with the server's reason */
export function onTrouble(listener) { troubled.add(listener); }
function tell() { for (const listener of listeners) listener(); }

/** A stretch of a session is heard as it is, with no dial but the gain. */
export function applyDials() {
  const asIs = now.id === null;
  audio.loop = !asIs && dials.loop;
  audio.playbackRate = asIs ? 1 : 2 ** (dials.semitones / 12);
  if (dials.gain !== 0 && context === null) {
    context = new AudioContext();
    level = context.createGain();
    context.createMediaElementSource(audio).connect(level).connect(context.destination);
  }
  if (level) level.gain.value = 10 ** (dials.gain / 20);
  tell();
}

/** Play seconds from..to of a sound. @param channels how many it has: only one of those is heard alone */
export function play(id, name, from, to, channels = 1) {
  Object.assign(now, {id, name, from, to, channels});
  return begin(address(`/api/audio/${id}`, {
    from: from.toFixed(6), to: to.toFixed(6), reverse: dials.reverse ? "1" : "", solo: Number(dials.solo) < channels ? dials.solo : "",
  }));
}

/** Play an address as it is. */
export function playAddress(source, name) {
  Object.assign(now, {id: null, name, from: 0, to: 0, channels: 1});
  return begin(source);
}

async function begin(source) {
  audio.src = source;
  applyDials();
  if (context) await context.resume();
  try { await audio.play(); } catch (problem) {
    // One that was overtaken by the next is none; of one that cannot be heard the element tells.
    if (!["AbortError", "NotSupportedError"].includes(problem.name)) throw problem;
  }
}

export function stop() { audio.pause(); tell(); }
export function again() { if (now.id !== null) return play(now.id, now.name, now.from, now.to, now.channels); }

/** Where in this sound the ear is, in seconds; null while it does not play. */
export function position(id = now.id) {
  if (now.id === null || now.id !== id || audio.paused) return null;
  return dials.reverse ? now.to - audio.currentTime : now.from + audio.currentTime;
}

/** What the server says of an address that cannot be played. */
async function reasonOf(source) {
  const enough = new AbortController();
  try {
    const answer = await fetch(source, {signal: enough.signal, headers: {Range: "bytes=0-99"}});
    if (!answer.ok) return (await answer.json()).error;
  } catch { return "the server is gone: start dubstage serve again"; } finally { enough.abort(); }
  return "the browser cannot play this";
}

/** Open the way to the loudspeaker at the first touch of a key, for that takes longer than a sound may wait. */
function wake() {
  for (const name of TOUCHES) removeEventListener(name, wake, true);
  const silence = new Uint8Array(44 + 4_800);
  const head = new DataView(silence.buffer);
  new TextEncoder().encodeInto("RIFF    WAVEfmt ", silence);
  new TextEncoder().encodeInto("data", silence.subarray(36));
  for (const [at, value] of [[4, 36 + 4_800], [16, 16], [24, 48_000], [28, 96_000], [40, 4_800]]) head.setUint32(at, value, true);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) head.setUint16(at, value, true);
  const source = URL.createObjectURL(new Blob([silence], {type: "audio/wav"}));
  const waker = new Audio(source);
  const done = () => URL.revokeObjectURL(source);
  waker.addEventListener("ended", done);
  waker.play().catch(done);  // a browser that wants a clearer touch opens it at the first sound
}
const TOUCHES = ["keydown", "pointerdown", "input"];
for (const name of TOUCHES) addEventListener(name, wake, true);

for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, tell);
audio.addEventListener("error", async () => {
  const source = audio.src;
  audio.pause();
  const problem = new Error(await reasonOf(source) ?? "this cannot be played");
  if (audio.src === source) for (const listener of troubled) listener(problem);
});
