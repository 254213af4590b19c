/** The timeline: lanes by stem with clips and waveforms, under the picture's cuts and a ruler. */

import {frameOf, label} from "./timecode.js";
import {known, peaksOf} from "./waveform.js";

const LANE = 46, RULER = 24, CUTS = 20, NAMES = 118, PAIRS = 400;
const HUES = {foley: "#7cc4a0", backgrounds: "#7fa8e0", fx: "#d8a36a"};

const SHORT = {backgrounds: "bg"};

/** As much of a text as there is room for. */
function cut(brush, text, room) {
  if (brush.measureText(text).width <= room) return text;
  let kept = text;
  while (kept && brush.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return kept ? `${kept}…` : "";
}

export class Timeline {
  constructor(canvas, onPick, onPlace) {
    Object.assign(this, {canvas, session: null, chosen: null, playhead: null, from: 0, to: 1});
    canvas.addEventListener("pointerdown", event => {
      const hit = this.under(event);
      if (hit) onPick(hit); else onPlace(this.samplesAt(event.offsetX));
    });
    canvas.addEventListener("wheel", event => {
      event.preventDefault();
      const span = this.to - this.from, at = this.samplesAt(event.offsetX);
      if (event.ctrlKey || event.metaKey || !event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX)) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
      else { const by = (event.deltaX || event.deltaY) / canvas.clientWidth * span; this.show(this.from + by, this.to + by); }
    }, {passive: false});
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  open(session) {
    const first = this.session?.key !== session.key;
    this.session = session;
    this.canvas.style.height = `${RULER + CUTS + session.tracks.length * LANE}px`;
    if (first) this.show(session.start_samples, session.end_samples);
    const ids = [...new Set(session.tracks.flatMap(track => track.clips.map(clip => clip.asset_id)))].slice(0, 100);
    peaksOf(ids, PAIRS).then(() => this.paint()).catch(() => {});
    this.paint();
  }

  show(from, to) {
    const {start_samples: start, end_samples: end} = this.session, span = Math.min(end - start, Math.max(2000, to - from));
    this.from = Math.min(Math.max(start, from), end - span);
    this.to = this.from + span;
    this.paint();
  }

  zoom(by, at = (this.from + this.to) / 2) { this.show(at - (at - this.from) * by, at + (this.to - at) * by); }
  samplesAt(x) { return Math.round(this.from + Math.max(0, x - NAMES) / (this.canvas.clientWidth - NAMES) * (this.to - this.from)); }
  x(samples) { return NAMES + (samples - this.from) / (this.to - this.from) * (this.canvas.clientWidth - NAMES); }

  under(event) {
    const track = this.session?.tracks[Math.floor((event.offsetY - RULER - CUTS) / LANE)];
    if (!track || event.offsetX < NAMES) return null;
    return track.clips.find(clip => {
      const left = this.x(clip.record_start_samples);
      return event.offsetX >= left && event.offsetX <= Math.max(left + 6, this.x(clip.record_start_samples + clip.duration_samples));
    });
  }

  paint() {
    const {canvas, session} = this, ratio = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    if (!session || !canvas.width) return;
    const brush = canvas.getContext("2d"), width = canvas.clientWidth, height = canvas.clientHeight;
    brush.scale(ratio, ratio);
    brush.font = "12px system-ui, sans-serif";
    this.ruler(brush, width, height);
    session.tracks.forEach((track, number) => {
      const top = RULER + CUTS + number * LANE;
      brush.fillStyle = number % 2 ? "#181b20" : "#1b1e24";
      brush.fillRect(NAMES, top, width, LANE);
      brush.save();
      brush.beginPath();
      brush.rect(NAMES, top, width - NAMES, LANE);
      brush.clip();
      for (const clip of track.clips) this.clip(brush, clip, top, HUES[track.stem]);
      brush.restore();
      brush.fillStyle = "#a3abb8";
      brush.fillText(cut(brush, `${SHORT[track.stem] ?? track.stem}:${track.name} ${track.lane + 1}`, NAMES - 12), 8, top + 27);
    });
    if (this.playhead !== null) {
      brush.fillStyle = "#fff";
      brush.fillRect(this.x(this.playhead), 0, 1, height);
    }
  }

  ruler(brush, width, height) {
    const {session} = this, fps = session.fps[0] / session.fps[1];
    const wanted = (this.to - this.from) / session.sample_rate_hz / ((width - NAMES) / 110);
    const step = [1, 2, 5, 10, fps, 2 * fps, 5 * fps, 10 * fps, 30 * fps, 60 * fps, 300 * fps, 600 * fps].find(frames => frames / fps >= wanted) ?? 1800 * fps;
    const whole = Math.max(1, Math.round(step));
    brush.fillStyle = "#a3abb8";
    for (let frame = Math.ceil(frameOf(this.from, session) / whole) * whole; frame <= frameOf(this.to, session); frame += whole) {
      const x = this.x(frame / fps * session.sample_rate_hz);
      brush.fillRect(x, 14, 1, 10);
      brush.fillText(label(frame, session), x + 4, 14);
    }
    session.picture.forEach((shot, number) => {
      const left = Math.max(NAMES, this.x(shot.in_frame / fps * session.sample_rate_hz)), right = this.x(shot.out_frame / fps * session.sample_rate_hz);
      if (right < NAMES || left > width) return;
      brush.fillStyle = number % 2 ? "#323a46" : "#293039";
      brush.fillRect(left, RULER, right - left - 1, CUTS - 2);
      brush.fillStyle = "#d3d8e0";
      if (right - left > 30) brush.fillText(cut(brush, shot.name, right - left - 8), left + 4, RULER + 13);
    });
  }

  clip(brush, clip, top, hue) {
    const left = this.x(clip.record_start_samples), wide = Math.max(3, this.x(clip.record_start_samples + clip.duration_samples) - left);
    if (left > this.canvas.clientWidth || left + wide < NAMES) return;
    const mine = clip.id === this.chosen;
    brush.fillStyle = mine ? "#2d4d6b" : "#262c35";
    brush.fillRect(left, top + 2, wide, LANE - 4);
    this.wave(brush, clip, left, wide, top, hue);
    brush.strokeStyle = mine ? "#6cb6ff" : clip.locked ? "#ffb86b" : "#475061";
    brush.strokeRect(left + 0.5, top + 2.5, Math.max(2, wide - 1), LANE - 5);
    if (clip.sync_samples !== null) { brush.fillStyle = "#fff"; brush.fillRect(this.x(clip.sync_samples), top + 2, 1, 7); }
    if (wide > 40) { brush.fillStyle = "#e6e8ec"; brush.fillText(cut(brush, `${clip.cue} ${clip.name}`, wide - 8), left + 4, top + 14); }
  }

  wave(brush, clip, left, wide, top, hue) {
    const drawn = known(clip.asset_id, PAIRS);
    if (!drawn) return;
    const step = clip.source_rate_hz / this.session.sample_rate_hz * (clip.source_pace || 1), middle = top + LANE / 2 + 3, high = LANE / 2 - 6;
    brush.fillStyle = hue;
    const end = Math.min(left + wide, this.canvas.clientWidth);
    for (let x = Math.max(left, NAMES); x < end; x += 1) {
      const at = samples => (clip.source_start_samples + samples * step) / drawn.samples_per_pair;
      const one = (x - left) / wide * clip.duration_samples, next = (x + 1 - left) / wide * clip.duration_samples;
      let low = 0, top2 = 0;
      for (let pair = Math.floor(at(one)); pair <= at(next) && pair < drawn.pairs.length / 2; pair += 1) {
        low = Math.min(low, drawn.pairs[2 * pair]);
        top2 = Math.max(top2, drawn.pairs[2 * pair + 1]);
      }
      brush.fillRect(x, middle - top2 / 127 * high, 1, Math.max(1, (top2 - low) / 127 * high));
    }
  }
}
