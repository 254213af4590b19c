/** The chosen clip in words and numbers: what a screen reader hears of the timeline. */

import {timecode} from "./timecode.js";

/** @param place an element @param clip may be none, also of a cue @param on {gain(db), trim({head}|{tail}), lock(), remove()} */
export function showClip(place, session, clip, track, cue, on) {
  const had = place.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  if (!clip) {
    place.innerHTML = `<h2></h2><p class="empty"></p>`;
    place.children[0].textContent = cue ? `${cue.number} · no clip` : "No clip chosen";
    place.children[1].textContent = cue ? "Use a sound from the list, or search for one." : "Choose a cue, or a clip on the timeline.";
    place.append(...problemsOf(cue));
    return;
  }
  const at = clip.sync_samples ?? clip.record_start_samples, hz = session.sample_rate_hz;
  const [frames, samples] = clip.nudged;
  const facts = [
    ["Sound", clip.name], ["Take", clip.take + 1],
    [clip.sync_samples === null ? "Begins" : "Attack", timecode(at, session, hz)],
    ["Lasts", `${(clip.duration_samples / hz).toFixed(2)} s`],
    ["Moved", [frames && counted(frames, "frame"), samples && counted(samples, "sample")].filter(Boolean).join(" ") || "not"],
    ["Trimmed", ["head", "tail"].map((edge, n) => clip.trimmed[n] && `${edge} ${inFrames(clip.trimmed[n], session)}`).filter(Boolean).join(", ") || "not"],
    ["Pan", clip.pan ? `${clip.pan < 0 ? "L" : "R"}${Math.round(Math.abs(clip.pan) * 100)}` : "centre"],
    ["Why", clip.why],
  ];
  place.innerHTML = `<h2></h2><dl></dl><label>Gain <input type="number" step="0.5" min="-120" max="40" data-act="gain"> dB</label>
    <div class="acts" role="group" aria-label="Trim by a frame"><span>Head</span><button type="button" data-act="head-">◂</button><button type="button" data-act="head+">▸</button>
    <span>Tail</span><button type="button" data-act="tail+">◂</button><button type="button" data-act="tail-">▸</button></div>
    <div class="acts"><button type="button" data-act="lock"></button><button type="button" data-act="remove">Remove</button></div>`;
  place.children[0].textContent = `${clip.cue} · ${track.stem} ${track.name}${clip.added ? " · added by hand" : ""}`;
  for (const [name, value] of facts) {
    const term = document.createElement("dt"), data = document.createElement("dd");
    term.textContent = name;
    data.textContent = value;
    place.children[1].append(term, data);
  }
  place.children[1].after(...problemsOf(cue));
  const gain = place.querySelector("input"), lock = place.querySelector("[data-act=lock]");
  gain.value = clip.gain_db;
  gain.addEventListener("change", () => on.gain(Number(gain.value)));
  lock.textContent = clip.locked ? (clip.locked_by === "sheet" ? "Unlock (cue sheet)" : "Unlock") : "Lock";
  lock.hidden = clip.added;
  lock.setAttribute("aria-pressed", String(clip.locked));
  lock.addEventListener("click", on.lock);
  place.querySelector("[data-act=remove]").addEventListener("click", on.remove);
  const frame = Math.round(hz * session.fps[1] / session.fps[0]);
  for (const [act, name, edit] of [
    ["head-", "Open the head by a frame", {head: -frame}], ["head+", "Cut a frame off the head", {head: frame}],
    ["tail+", "Cut a frame off the tail", {tail: frame}], ["tail-", "Open the tail by a frame", {tail: -frame}],
  ]) {
    const button = place.querySelector(`[data-act="${act}"]`);
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => on.trim(edit));
  }
  if (had) place.querySelector(`[data-act="${had}"]`)?.focus(); // pressed again and again
}

/** What could not be done of a cue as its sheet asks. */
const problemsOf = cue => (cue?.problems ?? []).map(text => Object.assign(document.createElement("p"), {className: "wrong", textContent: text}));

const counted = (n, what) => `${n > 0 ? "+" : ""}${n} ${what}${Math.abs(n) === 1 ? "" : "s"}`;
const inFrames = (samples, session) => `${(samples * session.fps[0] / session.fps[1] / session.sample_rate_hz).toFixed(1)} frames`;
