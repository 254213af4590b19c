/** The timeline: where one is in it, what is chosen, and when it is painted. */

import {clipOf, preview, trimmable} from "./session_preview.js";
import {CUTS, HEAD, LANE, PAIRS, RULER, paintTimeline} from "./timeline_paint.js";
import {known, peaksOf} from "./waveform.js";

const CLOSEST = 2; // samples to a pixel
const EDGE_PX = 6; // of a clip, to be trimmed by
const WIDEST_PX = 24_000_000; // browsers lay nothing out beyond some 33 million

export class Timeline {
  /** @param on {choose(clip), place(samples), trim(edit)} */
  constructor(place, on) {
    Object.assign(this, {on, session: null, perPixel: 2000, playhead: 0, chosen: new Set(), cue: null, asking: false, waiting: false, fitted: false});
    place.innerHTML = `<div id="scroller" tabindex="0" role="application" aria-describedby="clip"
      aria-label="Timeline: left and right choose a clip, comma and full stop nudge it"><canvas aria-hidden="true"></canvas><div id="extent"></div></div>`;
    this.scroller = place.firstElementChild;
    [this.canvas, this.extent] = this.scroller.children;
    this.scroller.addEventListener("scroll", () => this.later(), {passive: true});
    this.scroller.addEventListener("wheel", event => this.#wheel(event), {passive: false});
    this.canvas.addEventListener("pointerdown", event => this.#down(event));
    this.canvas.addEventListener("pointermove", event => { if (!event.buttons) this.canvas.style.cursor = this.#edgeAt(this.#under(event)) ? "ew-resize" : ""; });
    new ResizeObserver(() => {
      if (this.session && !this.fitted && this.width > 0) this.whole(); // it was opened unseen
      this.#extend();
      this.later();
    }).observe(this.scroller);
  }

  show(session) {
    const other = this.session?.key !== session.key;
    this.session = session;
    if (other) { this.playhead = session.start_samples; this.fitted = false; this.whole(); } else this.#extend();
    this.later();
  }

  get left() { return this.session.start_samples + this.scroller.scrollLeft * this.perPixel; }
  get width() { return this.scroller.clientWidth - HEAD; }

  /** All of the session at once. */
  whole() {
    if (this.width <= 0) return;
    this.fitted = true;
    this.perPixel = Math.max(CLOSEST, (this.session.end_samples - this.session.start_samples) / Math.max(100, this.width - 20));
    this.#extend();
    this.scroller.scrollLeft = 0;
    this.later();
  }

  /** @param factor below 1 closer @param at the sample that stays where it is */
  zoom(factor, at = this.playhead) {
    const length = this.session.end_samples - this.session.start_samples, seen = (at - this.left) / this.perPixel;
    const least = Math.max(CLOSEST, length / WIDEST_PX), most = Math.max(least, length / Math.max(100, this.width / 2));
    const place = seen >= 0 && seen <= this.width ? seen : this.width / 2;
    this.perPixel = Math.min(most, Math.max(least, this.perPixel * factor));
    this.#extend();
    this.scroller.scrollLeft = (at - this.session.start_samples) / this.perPixel - place;
    this.later();
  }

  /** Show a stretch of the session, closer only where asked. */
  reveal(from, to, fit = false) {
    if (fit) this.perPixel = Math.max(CLOSEST, (to - from) / (this.width * .5));
    this.#extend();
    const seen = this.width * this.perPixel;
    if (fit || from < this.left || Math.min(to, from + seen / 2) > this.left + seen) {
      const middle = to - from > seen ? from + seen * .4 : (from + to) / 2;
      this.scroller.scrollLeft = (middle - this.session.start_samples) / this.perPixel - this.width / 2;
    }
    this.later();
  }

  revealClip(id, fit = false) {
    const number = this.session.tracks.findIndex(track => track.clips.some(clip => clip.id === id));
    if (number < 0) return;
    const clip = this.session.tracks[number].clips.find(each => each.id === id);
    this.reveal(clip.record_start_samples, clip.record_start_samples + clip.duration_samples, fit);
    const y = number * LANE, seen = this.scroller.clientHeight - RULER - CUTS;
    if (y < this.scroller.scrollTop) this.scroller.scrollTop = y;
    else if (y + LANE > this.scroller.scrollTop + seen) this.scroller.scrollTop = y + LANE - seen;
  }

  /** Keep the playhead in sight while something plays. */
  follow(samples) {
    this.playhead = samples;
    const seen = this.width * this.perPixel;
    if (samples < this.left || samples > this.left + seen * .94) this.scroller.scrollLeft = (samples - this.session.start_samples) / this.perPixel - this.width * .1;
    this.later();
  }

  later() {
    if (this.waiting || !this.session) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.#paint(); });
  }

  #extend() {
    if (!this.session) return;
    const length = (this.session.end_samples - this.session.start_samples) / this.perPixel;
    this.extent.style.width = `${Math.ceil(length) + HEAD + 20}px`;
    this.extent.style.height = `${this.session.tracks.length * LANE + RULER + CUTS + 4}px`;
  }

  #paint() {
    const ratio = devicePixelRatio || 1, width = this.scroller.clientWidth, height = this.scroller.clientHeight;
    if (!width || !height) return;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      Object.assign(this.canvas, {width: Math.round(width * ratio), height: Math.round(height * ratio)});
      Object.assign(this.canvas.style, {width: `${width}px`, height: `${height}px`});
    }
    const paint = this.canvas.getContext("2d");
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintTimeline(paint, {
      session: this.session, left: this.left, perPixel: this.perPixel, top: this.scroller.scrollTop,
      width, height, chosen: this.chosen, cue: this.cue, playhead: this.playhead,
    });
    this.#fetchPeaks();
  }

  /** Waveforms of what is in sight, as many at once as the server gives. */
  async #fetchPeaks() {
    if (this.asking) return;
    const end = this.left + this.width * this.perPixel, wanted = new Set();
    const first = Math.floor(this.scroller.scrollTop / LANE), last = first + Math.ceil(this.scroller.clientHeight / LANE);
    for (const track of this.session.tracks.slice(Math.max(0, first), last + 1)) for (const clip of track.clips) {
      const seen = clip.record_start_samples < end && clip.record_start_samples + clip.duration_samples > this.left;
      if (seen && known(clip.asset_id, PAIRS) === undefined) wanted.add(clip.asset_id);
    }
    if (!wanted.size) return;
    this.asking = true;
    try { await peaksOf([...wanted].slice(0, 60), PAIRS); } catch { return; } finally { this.asking = false; }
    this.later();
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const x = event.clientX - this.scroller.getBoundingClientRect().left - HEAD;
    this.zoom(Math.exp(Math.max(-.5, Math.min(.5, event.deltaY / 300))), this.left + Math.max(0, x) * this.perPixel);
  }

  /** What lies under the pointer: {at: samples, clip}; null over the heads. */
  #under(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    if (!this.session || x < HEAD) return null;
    const at = this.#samplesAt(event), slack = 3 * this.perPixel;
    const track = y < RULER + CUTS ? null : this.session.tracks[Math.floor((y - RULER - CUTS + this.scroller.scrollTop) / LANE)];
    const clip = track?.clips.find(each => at >= each.record_start_samples - slack && at < each.record_start_samples + each.duration_samples + slack);
    return {at, clip};
  }

  #samplesAt(event) {
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    return Math.round(this.left + Math.max(0, x - HEAD) * this.perPixel);
  }

  /** "head" or "tail" where the pointer is at an edge of a clip that is chosen; narrow ones have none. */
  #edgeAt(under) {
    const clip = under?.clip;
    if (!clip || !this.chosen.has(clip.id) || clip.duration_samples < 4 * EDGE_PX * this.perPixel) return null;
    const far = EDGE_PX * this.perPixel, end = clip.record_start_samples + clip.duration_samples;
    return Math.abs(under.at - clip.record_start_samples) < far ? "head" : Math.abs(end - under.at) < far ? "tail" : null;
  }

  #down(event) {
    this.scroller.focus({preventScroll: true});
    const under = this.#under(event), edge = this.#edgeAt(under);
    if (!under || event.button !== 0) return;
    if (edge) this.#trimming(event, under, edge);
    else if (under.clip) this.on.choose(under.clip);
    else {
      this.on.place(under.at);
      this.#dragged(event, moved => this.on.place(this.#samplesAt(moved)));
    }
  }

  #dragged(event, move, end = () => {}) {
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("lostpointercapture", () => { this.canvas.removeEventListener("pointermove", move); end(); }, {once: true});
  }

  /** An edge goes where the pointer goes; what it came to is asked for when it is let go. */
  #trimming(event, {at, clip}, edge) {
    const sign = edge === "head" ? 1 : -1;
    let come = 0;
    const move = moved => {
      const by = sign * (this.#samplesAt(moved) - at) - come;
      const [head, tail] = trimmable(clipOf(this.session, clip.id) ?? clip, this.session, edge === "head" ? by : 0, edge === "tail" ? by : 0);
      preview(this.session, {op: "trim", clip: clip.id, head, tail});
      come += head + tail;
      this.later();
    };
    this.#dragged(event, move, () => { if (come) this.on.trim({op: "trim", clip: clip.id, [edge]: come}); });
  }
}
