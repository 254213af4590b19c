/** The player: one audio element, whose speed is the pitch, as on a tape machine. */

import {address} from "./api.js";

export const audio = new Audio();
audio.preservesPitch = false;
let context = null;
let level = null;
export const dials = {loop: false, reverse: false, gain: 0, semitones: 0, solo: ""};
export const now = {id: null, name: "", from: 0, to: 0};
const listeners = new Set();

export function onChange(listener) { listeners.add(listener); }
function tell() { for (const listener of listeners) listener(); }

export function applyDials() {
  audio.loop = dials.loop;
  audio.playbackRate = 2 ** (dials.semitones / 12);
  if (dials.gain !== 0 && context === null) {
    context = new AudioContext();
    level = context.createGain();
    context.createMediaElementSource(audio).connect(level).connect(context.destination);
  }
  if (level) level.gain.value = 10 ** (dials.gain / 20);
  tell();
}

/** Play seconds from..to of a sound. */
export async function play(id, name, from, to) {
  Object.assign(now, {id, name, from, to});
  audio.src = address(`/api/audio/${id}`, {
    from: from.toFixed(6), to: to.toFixed(6), reverse: dials.reverse ? "1" : "", solo: dials.solo,
  });
  applyDials();
  if (context) await context.resume();
  try { await audio.play(); } catch (problem) { if (problem.name !== "AbortError") throw problem; }
}

/** Play an address as it is, with no dial but the gain. */
export async function playAddress(address, name, onTime = () => {}) {
  Object.assign(now, {id: null, name, from: 0, to: 0});
  audio.src = address;
  audio.ontimeupdate = () => { if (now.name === name && now.id === null) onTime(audio.currentTime); };
  applyDials();
  audio.playbackRate = 1;
  if (context) await context.resume();
  try { await audio.play(); } catch (problem) { if (problem.name !== "AbortError") throw problem; }
}

export function stop() { audio.pause(); tell(); }
export function again() { if (now.id !== null) return play(now.id, now.name, now.from, now.to); }

/** Where in this sound the ear is, in seconds; null while it does not play. */
export function position(id = now.id) {
  if (now.id === null || now.id !== id || audio.paused) return null;
  return dials.reverse ? now.to - audio.currentTime : now.from + audio.currentTime;
}
for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, tell);
