/** Sounds from outside as examples: files dropped or chosen, and what the microphone hears. */

import {send} from "./api.js";

const LONGEST_S = 20;

/** @param found(reference, name) a sound to search by @param trouble(problem) */
export function examplePlace(found, trouble) {
  const box = document.createElement("div"), text = document.createElement("p"), pick = document.createElement("input"), record = document.createElement("button"), level = document.createElement("meter"), choose = document.createElement("button");
  box.id = "drop";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Search by a sound from outside");
  text.textContent = "Drop a sound anywhere to find what is like it.";
  Object.assign(pick, {type: "file", accept: "audio/*,.wav,.aif,.aiff,.flac,.ogg,.mp3,.w64,.rf64,.caf", hidden: true});
  pick.setAttribute("aria-label", "A sound file");
  Object.assign(choose, {type: "button", textContent: "Choose a file"});
  Object.assign(record, {type: "button", textContent: "Listen", title: "Record with the microphone"});
  record.setAttribute("aria-pressed", "false");
  Object.assign(level, {hidden: true, max: 1, value: 0});
  level.setAttribute("aria-label", "What the microphone hears");
  const give = (blob, name) => upload(blob, name, found).catch(trouble);
  choose.addEventListener("click", () => pick.click());
  pick.addEventListener("change", () => { if (pick.files[0]) give(pick.files[0], pick.files[0].name); pick.value = ""; });
  record.addEventListener("click", () => listen(record, level, give, trouble).catch(problem => { idle(record, level); trouble(said(problem)); }));
  dropping(file => give(file, file.name));
  box.append(text, choose, record, level, pick);
  return box;
}

function dropping(take) {
  const body = document.body;
  let inside = 0;
  const files = event => [...event.dataTransfer?.types ?? []].includes("Files");
  addEventListener("dragenter", event => { if (files(event)) { inside += 1; body.classList.add("over"); } });
  addEventListener("dragleave", () => { inside = Math.max(0, inside - 1); if (!inside) body.classList.remove("over"); });
  addEventListener("dragover", event => { if (files(event)) event.preventDefault(); });
  addEventListener("drop", event => {
    inside = 0;
    body.classList.remove("over");
    if (!files(event)) return;
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) take(file);
  });
}

async function upload(blob, name, found) {
  const {key} = await send("POST", "/api/upload", blob);
  found(`upload:${key}`, name);
}

let recording = null, beginning = false;

/** Once: begin to listen. Again: search by what was heard. */
async function listen(press, level, give, trouble) {
  if (recording) { recording.stop(); return; }
  if (beginning) return; // the browser is still asking whether it may
  if (!navigator.mediaDevices) throw new Error("the browser gives no microphone to this page");
  beginning = true;
  const stream = await navigator.mediaDevices.getUserMedia({audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}}).finally(() => { beginning = false; });
  const context = new AudioContext(), meter = context.createAnalyser(), heard = new Float32Array(1024);
  context.createMediaStreamSource(stream).connect(meter);
  const recorder = new MediaRecorder(stream), parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  recorder.onstop = async () => {
    recording = null;
    for (const track of stream.getTracks()) track.stop();
    idle(press, level);
    try {
      const sound = await context.decodeAudioData(await new Blob(parts).arrayBuffer());
      give(asWav(sound.getChannelData(0), sound.sampleRate), "the microphone");
    } catch { trouble(new Error("nothing was heard: listen a little longer")); } finally { await context.close(); }
  };
  recording = recorder;
  recorder.start();
  press.textContent = "Search by this";
  press.setAttribute("aria-pressed", "true");
  level.hidden = false;
  (function show() {
    if (recording !== recorder) return;
    meter.getFloatTimeDomainData(heard);
    level.value = Math.min(1, heard.reduce((most, each) => Math.max(most, Math.abs(each)), 0));
    requestAnimationFrame(show);
  })();
  setTimeout(() => { if (recording === recorder) recorder.stop(); }, LONGEST_S * 1000);
}

function idle(press, level) {
  press.textContent = "Listen";
  press.setAttribute("aria-pressed", "false");
  level.hidden = true;
}

function said(problem) {
  if (problem.name === "NotAllowedError") return new Error("the browser does not let this page hear the microphone");
  if (problem.name === "NotFoundError") return new Error("there is no microphone");
  return problem;
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
