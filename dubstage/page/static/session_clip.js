/** The chosen clip in words and numbers: what a screen reader hears of the timeline. */

import {timecode} from "./timecode.js";

/** @param place an element @param on {gain(db), lock(), remove()} */
export function showClip(place, session, clip, track, on) {
  if (!clip) {
    place.innerHTML = `<h2>No clip chosen</h2><p class="empty">Choose a cue, or a clip on the timeline.</p>`;
    return;
  }
  const at = clip.sync_samples ?? clip.record_start_samples, hz = session.sample_rate_hz;
  const [frames, samples] = clip.nudged, sign = value => (value > 0 ? `+${value}` : `${value}`);
  const facts = [
    ["Sound", clip.name], ["Take", clip.take + 1],
    [clip.sync_samples === null ? "Begins" : "Attack", timecode(at, session, hz)],
    ["Lasts", `${(clip.duration_samples / hz).toFixed(2)} s`],
    ["Moved", frames || samples ? `${sign(frames)} frames ${sign(samples)} samples` : "not"],
    ["Pan", clip.pan ? `${clip.pan < 0 ? "L" : "R"}${Math.round(Math.abs(clip.pan) * 100)}` : "centre"],
    ["Why", clip.why],
  ];
  place.innerHTML = `<h2></h2><dl></dl><label>Gain <input type="number" step="0.5" min="-120" max="40"> dB</label>
    <div class="acts"><button type="button" data-act="lock"></button><button type="button" data-act="remove">Remove</button></div>`;
  place.children[0].textContent = `${clip.cue} · ${track.stem} ${track.name}${clip.added ? " · added by hand" : ""}`;
  for (const [name, value] of facts) {
    const term = document.createElement("dt"), data = document.createElement("dd");
    term.textContent = name;
    data.textContent = value;
    place.children[1].append(term, data);
  }
  const gain = place.querySelector("input"), lock = place.querySelector("[data-act=lock]");
  gain.value = clip.gain_db;
  gain.addEventListener("change", () => on.gain(Number(gain.value)));
  lock.textContent = clip.locked ? (clip.locked_by === "sheet" ? "Unlock (cue sheet)" : "Unlock") : "Lock";
  lock.hidden = clip.added;
  lock.setAttribute("aria-pressed", String(clip.locked));
  lock.addEventListener("click", on.lock);
  place.querySelector("[data-act=remove]").addEventListener("click", on.remove);
}

