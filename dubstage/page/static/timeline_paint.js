/** What the timeline looks like: ruler, cuts, lanes, clips with their waveforms. Paints, no more. */

import {label, labelsPerSecond, samplesOf} from "./timecode.js";
import {known} from "./waveform.js";

export const HEAD = 132, RULER = 26, CUTS = 24, LANE = 46, PAIRS = 1024;
const COLOURS = {foley: "#e0a458", backgrounds: "#58b4a6", fx: "#b58ce6"};
const FAINT = "#a3abb8", TEXT = "#e6e8ec", LINE = "#3a414d", PANEL = "#1b1e24", GROUND = "#14161a";

/** @param view {session, left (samples), perPixel, top, width, height, chosen: Set, cue, playhead} */
export function paintTimeline(paint, view) {
  paint.fillStyle = GROUND;
  paint.fillRect(0, 0, view.width, view.height);
  paint.font = "13px system-ui, sans-serif";
  paint.textBaseline = "middle";
  lanes(paint, view);
  paint.fillStyle = PANEL;
  paint.fillRect(0, 0, view.width, RULER + CUTS);
  ruler(paint, view);
  cuts(paint, view);
  heads(paint, view);
  playhead(paint, view);
}

const xOf = (view, samples) => HEAD + (samples - view.left) / view.perPixel;

/** Frames between two labels of the ruler, so that they keep apart. */
export function rulerStep(session, perPixel) {
  const base = labelsPerSecond(session), least = 104 * perPixel * session.fps[0] / session.fps[1] / session.sample_rate_hz;
  const steps = [1, 2, 5, 10, base, 2 * base, 5 * base, 10 * base, 30 * base, 60 * base, 300 * base, 600 * base, 1800 * base, 3600 * base];
  return steps.find(step => step >= least) ?? steps.at(-1);
}

function ruler(paint, view) {
  const {session, left, perPixel, width} = view, hz = session.sample_rate_hz, step = rulerStep(session, perPixel);
  const frame = samples => samples * session.fps[0] / session.fps[1] / hz;
  let at = session.start_frame + Math.floor((frame(left) - session.start_frame) / step) * step;
  paint.fillStyle = FAINT;
  for (const end = frame(left + (width - HEAD) * perPixel); at < end; at += step) {
    const x = xOf(view, samplesOf(at, session, hz));
    paint.fillRect(x, RULER - 8, 1, 8);
    paint.fillText(label(at, session), x + 4, RULER / 2);
  }
}

function cuts(paint, view) {
  const {session} = view, hz = session.sample_rate_hz;
  if (!session.picture.length) text(paint, "no cuts: no list of the picture was given when it was spotted (--picture)", HEAD + 8, RULER + CUTS / 2, view.width - HEAD - 16, FAINT);
  session.picture.forEach((shot, number) => {
    const from = xOf(view, samplesOf(shot.in_frame, session, hz)), to = xOf(view, samplesOf(shot.out_frame, session, hz));
    if (to < HEAD || from > view.width) return;
    paint.fillStyle = number % 2 ? "#2b313b" : "#39414e";
    paint.fillRect(from, RULER + 1, to - from - 1, CUTS - 3);
    text(paint, shot.name, Math.max(from, HEAD) + 5, RULER + CUTS / 2, to - Math.max(from, HEAD) - 8, TEXT);
    paint.fillStyle = "#ffffff14";
    if (from >= HEAD) paint.fillRect(from, RULER + CUTS, 1, view.height);
  });
}

function lanes(paint, view) {
  const end = view.left + (view.width - HEAD) * view.perPixel;
  view.session.tracks.forEach((track, number) => {
    const y = RULER + CUTS + number * LANE - view.top;
    if (y + LANE < RULER + CUTS || y > view.height) return;
    paint.fillStyle = number % 2 ? "#191c22" : GROUND;
    paint.fillRect(HEAD, y, view.width, LANE - 1);
    for (const clip of track.clips) {
      if (clip.record_start_samples > end) break;
      if (clip.record_start_samples + clip.duration_samples >= view.left) paintClip(paint, view, clip, track, y);
    }
  });
}

function heads(paint, view) {
  paint.fillStyle = PANEL;
  paint.fillRect(0, 0, HEAD, view.height);
  paint.save();
  paint.beginPath();
  paint.rect(0, RULER + CUTS, HEAD, view.height);
  paint.clip();
  view.session.tracks.forEach((track, number) => {
    const y = RULER + CUTS + number * LANE - view.top;
    if (y + LANE < RULER + CUTS || y > view.height) return;
    paint.fillStyle = COLOURS[track.stem] ?? FAINT;
    paint.fillRect(0, y, 4, LANE - 1);
    text(paint, track.name + (track.lane ? ` ${track.lane + 1}` : ""), 12, y + 15, HEAD - 18, TEXT);
    text(paint, track.stem, 12, y + 32, HEAD - 18, FAINT);
  });
  paint.restore();
  text(paint, `${view.session.rate} · ${view.session.sample_rate_hz / 1000} kHz`, 12, RULER / 2, HEAD - 18, FAINT);
  text(paint, "picture", 12, RULER + CUTS / 2, HEAD - 18, FAINT);
  paint.fillStyle = LINE;
  paint.fillRect(HEAD - 1, 0, 1, view.height);
  paint.fillRect(0, RULER + CUTS - 1, view.width, 1);
}

function paintClip(paint, view, clip, track, y) {
  const from = xOf(view, clip.record_start_samples), to = Math.max(from + 2, xOf(view, clip.record_start_samples + clip.duration_samples));
  const left = Math.max(HEAD, from), right = Math.min(view.width, to), colour = COLOURS[track.stem] ?? FAINT;
  if (right <= left) return;
  const chosen = view.chosen.has(clip.id), ofCue = clip.cue === view.cue;
  paint.save();
  paint.beginPath();
  paint.rect(left, y + 2, right - left, LANE - 5);
  paint.clip();
  paint.fillStyle = colour + (chosen ? "70" : ofCue ? "48" : "2a");
  paint.fillRect(left, y + 2, right - left, LANE - 5);
  waveform(paint, view, clip, left, right, y, colour);
  fades(paint, view, clip, y);
  if (right - left > 26) {
    const words = `${clip.locked ? "▪ " : ""}${clip.cue} ${clip.name}`;
    paint.fillStyle = "#14161ab0";
    paint.fillRect(left, y + 2, Math.min(right - left, paint.measureText(words).width + 8), 16);
    text(paint, words, left + 4, y + 11, right - left - 6, TEXT);
  }
  if (clip.sync_samples !== null && right - left > 7) {
    paint.fillStyle = "#ffffff";
    paint.fillRect(xOf(view, clip.sync_samples) - .5, y + LANE - 13, 1.5, 9);
  }
  paint.restore();
  paint.strokeStyle = chosen ? "#ffffff" : colour + (clip.locked ? "" : "88");
  paint.lineWidth = chosen ? 2 : 1;
  paint.strokeRect(left + .5, y + 2.5, Math.max(1, right - left - 1), LANE - 6);
}

function waveform(paint, view, clip, left, right, y, colour) {
  const drawn = known(clip.asset_id, PAIRS);
  if (!drawn) return;
  const step = clip.source_rate_hz / view.session.sample_rate_hz * clip.source_pace, gain = 10 ** (clip.gain_db / 20);
  const pairs = drawn.pairs.length / 2, length = clip.duration_samples, middle = y + LANE / 2 + 4, half = LANE / 2 - 8;
  const pairAt = samples => (clip.source_start_samples + samples * step) / drawn.samples_per_pair;
  paint.fillStyle = colour;
  for (let x = Math.floor(left); x < right; x += 1) {
    const at = view.left + (x - HEAD) * view.perPixel - clip.record_start_samples, next = at + view.perPixel;
    if (next < 0 || at > length) continue;
    const [a, b] = clip.reverse ? [length - next, length - at] : [at, next];
    const first = Math.max(0, Math.floor(pairAt(Math.max(0, a)))), last = Math.max(first + 1, Math.ceil(pairAt(Math.min(length, b))));
    let low = 0, high = 0;
    for (let pair = first; pair < Math.min(last, pairs); pair += 1) {
      low = Math.min(low, drawn.pairs[2 * pair]);
      high = Math.max(high, drawn.pairs[2 * pair + 1]);
    }
    const up = shown(high / 127 * gain) * half, down = -shown(-low / 127 * gain) * half;
    paint.fillRect(x, middle - up, 1, Math.max(.6, up - down));
  }
}

/** Room tone would be a flat line: soft sounds are drawn taller than they are. */
const shown = level => Math.min(1, Math.max(0, level)) ** .6;

function fades(paint, view, clip, y) {
  const from = xOf(view, clip.record_start_samples), to = xOf(view, clip.record_start_samples + clip.duration_samples);
  const fadeIn = clip.fade_in_samples / view.perPixel, fadeOut = clip.fade_out_samples / view.perPixel;
  paint.strokeStyle = "#ffffff99";
  paint.lineWidth = 1;
  paint.beginPath();
  if (fadeIn > 4) { paint.moveTo(from, y + LANE - 4); paint.quadraticCurveTo(from + fadeIn * .3, y + 4, from + fadeIn, y + 3); }
  if (fadeOut > 4) { paint.moveTo(to - fadeOut, y + 3); paint.quadraticCurveTo(to - fadeOut * .3, y + 4, to, y + LANE - 4); }
  paint.stroke();
}

function playhead(paint, view) {
  const x = xOf(view, view.playhead);
  if (x < HEAD - 1 || x > view.width) return;
  paint.fillStyle = "#ff7b7b";
  paint.fillRect(x - .75, 0, 1.5, view.height);
  paint.beginPath();
  paint.moveTo(x - 6, 0); paint.lineTo(x + 6, 0); paint.lineTo(x, 9);
  paint.fill();
}

/** Text cut to a width, with an ellipsis. */
function text(paint, words, x, y, width, colour) {
  if (width < 12) return;
  paint.fillStyle = colour;
  const wanted = paint.measureText(words).width;
  if (wanted > width) {
    let n = Math.floor(words.length * width / wanted);
    while (n > 0 && paint.measureText(`${words.slice(0, n)}…`).width > width) n -= 1;
    words = n ? `${words.slice(0, n)}…` : "";
  }
  paint.fillText(words, x, y);
}
