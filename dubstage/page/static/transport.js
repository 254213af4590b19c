/** The player's dials. */

import {width} from "./facts.js";
import {again, applyDials, audio, dials, now, onChange, stop} from "./player.js";

const HEARD = ["left", "right", "centre", "LFE", "left surround", "right surround"];

/** @returns {{channels(n: number): void}} told how many the chosen sound has */
export function showTransport(box) {
  const told = document.createElement("span"), press = button("Play", () => audio.paused ? again() : stop());
  told.className = "now";
  press.className = "play";
  const {label, select, channels} = solo();
  box.append(press, told, toggle("Loop", "loop"), toggle("Reverse", "reverse"),
    dial("Speed and pitch", "semitones", -12, 12, value => `${signed(value)} st`),
    dial("Gain", "gain", -24, 24, value => `${signed(value)} dB`), label);
  onChange(() => {
    press.textContent = audio.paused ? "Play" : "Stop";
    told.textContent = now.name;
  });
  select.addEventListener("change", () => { dials.solo = select.value; if (!audio.paused) again(); });
  return {channels};
}

const signed = value => value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0";

function button(text, act) {
  const made = document.createElement("button");
  Object.assign(made, {type: "button", textContent: text});
  made.addEventListener("click", act);
  return made;
}

function toggle(text, name) {
  const made = button(text, () => {
    dials[name] = !dials[name];
    made.setAttribute("aria-pressed", String(dials[name]));
    if (name === "reverse" && !audio.paused) again(); else applyDials();
  });
  made.dataset.dial = name;
  made.setAttribute("aria-pressed", "false");
  return made;
}

function dial(text, name, min, max, shown) {
  const label = document.createElement("label"), range = document.createElement("input"), value = document.createElement("output");
  Object.assign(range, {type: "range", min, max, value: 0, step: 1, title: "double-click: back to 0"});
  const change = () => {
    dials[name] = Number(range.value);
    value.textContent = shown(dials[name]);
    range.setAttribute("aria-valuetext", shown(dials[name]));
    applyDials();
  };
  range.addEventListener("input", change);
  range.addEventListener("dblclick", () => { range.value = 0; change(); });
  value.textContent = shown(0);
  label.append(`${text} `, range, value);
  return label;
}

/** Which channel is heard; of a sound with one there is nothing to choose. */
function solo() {
  const label = document.createElement("label"), select = document.createElement("select");
  let had = 0;
  const channels = n => {
    if (n === had) return;
    had = n;
    select.replaceChildren(new Option(n > 1 ? `all of ${width(n)}` : "mono", ""));
    for (let each = 0; n > 1 && each < n; each += 1) {
      select.add(new Option(n === 2 || n === 6 ? HEARD[each] : `channel ${each + 1}`, each));
    }
    select.disabled = n < 2;
    if (dials.solo !== "" && Number(dials.solo) >= n) dials.solo = "";
    select.value = n > 1 ? dials.solo : "";
    if (n < 2) dials.solo = "";
  };
  label.append("Hear ", select);
  channels(1);
  return {label, select, channels};
}
