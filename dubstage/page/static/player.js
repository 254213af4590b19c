/** One sound at a time, through one <audio> element, so that what is heard is what is shown.
 *
 *  Loop, gain and speed change while it plays; reverse and a soloed channel are other bytes, so
 *  they begin again. Events, by `player.on`: "play", "time" {assetId, atS}, "end", "stop",
 *  "problem" {text}, "settings". `atS` is in the file's own seconds, also when played backwards.
 */

import { address } from "./api.js";

const listeners = new EventTarget();
const audio = new Audio();
audio.id = "audition";
audio.preload = "auto";
audio.hidden = true;
document.body.append(audio);

let graph = null; // gain above 0 dB needs Web Audio; below, the element's own volume does
let current = null; // what is loaded
let timer = 0;

const settings = { loop: false, gainDb: 0, semitones: 0, keepPitch: false, reverse: false, solo: null };

function emit(name, detail = {}) {
  listeners.dispatchEvent(new CustomEvent(name, { detail }));
}

function boost() {
  if (!graph) {
    const context = new AudioContext({ latencyHint: "interactive" });
    const gain = context.createGain();
    context.createMediaElementSource(audio).connect(gain).connect(context.destination);
    graph = { context, gain };
  }
  graph.context.resume();
  return graph.gain;
}

function applySettings() {
  audio.loop = settings.loop;
  audio.playbackRate = 2 ** (settings.semitones / 12);
  audio.preservesPitch = settings.keepPitch;
  const linear = 10 ** (settings.gainDb / 20);
  audio.volume = Math.min(1, graph ? 1 : linear);
  if (graph || linear > 1) boost().gain.value = linear;
}

function source(asked) {
  if (asked.url) return asked.url;
  const { assetId, take, fromS, toS } = asked;
  const edges = fromS === undefined && take !== undefined && take !== null ? { take } : {};
  if (fromS !== undefined) edges.from = Math.max(0, fromS).toFixed(6);
  if (toS !== undefined) edges.to = toS.toFixed(6);
  return address(`audio/${assetId}`, {
    ...edges,
    reverse: settings.reverse ? 1 : undefined,
    solo: settings.solo ?? undefined,
  });
}

/** Where it is, in the file's seconds. */
function atS() {
  if (!current) return 0;
  if (!settings.reverse || current.url) return (current.fromS ?? 0) + audio.currentTime;
  const end = current.toS ?? (current.fromS ?? 0) + (audio.duration || 0);
  return end - audio.currentTime;
}

function tick() {
  if (audio.paused) return;
  emit("time", { assetId: current?.assetId, url: current?.url, atS: atS() });
  timer = requestAnimationFrame(tick);
}

audio.addEventListener("playing", () => {
  if (current?.asked) {
    performance.measure("dubstage:first-sound", { start: current.asked, end: performance.now() });
    current.asked = 0;
  }
  cancelAnimationFrame(timer);
  tick();
});
audio.addEventListener("ended", () => emit("end", { assetId: current?.assetId }));
audio.addEventListener("error", () => {
  if (current) emit("problem", { text: `${current.name ?? "this sound"} cannot be played` });
});

export const player = {
  audio,

  /** Play a stretch of a sound of the library (assetId, with fromS and toS, or take), or any url.
   *  Settings (loop, gainDb, semitones, keepPitch, reverse, solo) stay until changed. */
  async play(asked) {
    for (const name of Object.keys(settings)) {
      if (asked[name] !== undefined) settings[name] = asked[name];
    }
    current = { ...asked, asked: performance.now() };
    audio.src = source(current);
    applySettings();
    emit("play", { assetId: current.assetId, url: current.url });
    try {
      await audio.play();
    } catch (problem) {
      // Another sound was asked for meanwhile, or it was stopped: no fault.
      if (problem.name !== "AbortError" && audio.error === null) {
        emit("problem", { text: "the browser wants a click before it plays sound" });
      }
    }
  },

  stop() {
    if (!audio.paused) audio.pause();
    cancelAnimationFrame(timer);
    emit("stop", { assetId: current?.assetId });
  },

  /** Stop what plays, or play what was heard last again; false where there was nothing yet. */
  toggle() {
    if (this.playing) this.stop();
    else if (current) this.play({ ...current });
    else return false;
    return true;
  },

  /** Change settings; what other bytes are needed for begins again while it plays. */
  set(changes) {
    const anew = ["reverse", "solo"].some((name) => name in changes && changes[name] !== settings[name]);
    Object.assign(settings, changes);
    applySettings();
    emit("settings", { ...settings });
    if (anew && this.playing && !current.url) this.play({ ...current });
  },

  get playing() {
    return !audio.paused && !audio.ended;
  },
  get current() {
    return current;
  },
  get settings() {
    return { ...settings };
  },
  get atS() {
    return atS();
  },

  on(name, listener) {
    const heard = (event) => listener(event.detail);
    listeners.addEventListener(name, heard);
    return () => listeners.removeEventListener(name, heard);
  },
};
