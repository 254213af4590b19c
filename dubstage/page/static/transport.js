/** The player's dials, and sounds from outside: dropped files and the microphone. */

import {send} from "./api.js";
import {again, applyDials, audio, dials, now, onChange, stop} from "./player.js";

export function showTransport(box) {
  const told = document.createElement("span");
  told.className = "now";
  const press = button("Play", () => audio.paused ? again() : stop());
  box.append(press, told, toggle("Loop", "loop"), toggle("Reverse", "reverse"),
    dial("Speed and pitch", "semitones", -12, 12, value => `${value > 0 ? "+" : ""}${value} st`),
    dial("Gain", "gain", -24, 24, value => `${value > 0 ? "+" : ""}${value} dB`), solo());
  onChange(() => {
    press.textContent = audio.paused ? "Play" : "Stop";
    told.textContent = now.name;
  });
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function toggle(text, name) {
  const made = button(text, () => {
    dials[name] = !dials[name];
    made.setAttribute("aria-pressed", String(dials[name]));
    if (name === "reverse" && !audio.paused) again(); else applyDials();
  });
  made.setAttribute("aria-pressed", "false");
  return made;
}

function dial(text, name, min, max, shown) {
  const label = document.createElement("label"), range = document.createElement("input"), value = document.createElement("output");
  Object.assign(range, {type: "range", min, max, value: 0, step: 1});
  const change = () => { dials[name] = Number(range.value); value.textContent = ` ${shown(dials[name])}`; applyDials(); };
  range.addEventListener("input", change);
  range.addEventListener("dblclick", () => { range.value = 0; change(); });
  value.textContent = ` ${shown(0)}`;
  label.append(`${text} `, range, value);
  return label;
}

function solo() {
  const label = document.createElement("label"), select = document.createElement("select");
  select.add(new Option("all channels", ""));
  for (let n = 0; n < 8; n += 1) select.add(new Option(`channel ${n + 1}`, n));
  select.addEventListener("change", () => { dials.solo = select.value; if (!audio.paused) again(); });
  label.append("Hear ", select);
  return label;
}

/** A place to drop a sound on, and a button that records one. */
export function dropPlace(found) {
  const box = document.createElement("div"), record = button("Record 3 s", () => listen(record, found));
  box.id = "drop";
  box.append("Drop a sound here to find what is like it. ", record);
  addEventListener("dragover", event => { event.preventDefault(); box.classList.add("over"); });
  addEventListener("dragleave", () => box.classList.remove("over"));
  addEventListener("drop", async event => {
    event.preventDefault();
    box.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (file) await upload(file, file.name, found);
  });
  return box;
}

async function upload(blob, name, found) {
  const {key} = await send("POST", "/api/upload", blob);
  found(`upload:${key}`, name);
}

async function listen(press, found) {
  const stream = await navigator.mediaDevices.getUserMedia({audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  press.disabled = true;
  press.textContent = "listening …";
  const recorder = new MediaRecorder(stream), parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  recorder.onstop = async () => {
    for (const track of stream.getTracks()) track.stop();
    press.disabled = false;
    press.textContent = "Record 3 s";
    const context = new AudioContext();
    const sound = await context.decodeAudioData(await new Blob(parts).arrayBuffer());
    await context.close();
    await upload(asWav(sound.getChannelData(0), sound.sampleRate), "microphone", found);
  };
  recorder.start();
  setTimeout(() => recorder.stop(), 3000);
}

/** Float samples as a 16-bit mono WAV. */
function asWav(samples, rate) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at, word) => [...word].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  text(36, "data"); view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, n) => view.setInt16(44 + 2 * n, Math.max(-1, Math.min(1, value)) * 32767, true));
  return new Blob([view]);
}
