/** The map: what sounds alike lies together. Hovering plays, a click chooses; arrows do both. */

import {get} from "./api.js";

const REST_MS = 400; // after which a picture that takes seconds is worth asking for

// Told apart by eye on the dark ground, the commonest categories first; the rest is grey.
const COLOURS = ["#6cb6ff", "#ffb86b", "#8fe388", "#ff8fa3", "#c8a2ff", "#5fe0d0", "#f2e36b", "#ff9df0", "#a8c0a0", "#e0a890", "#9fb4ff", "#d0e8a0"];
const OTHER = "#7d8797", EDGE = 28, FOOT = 64, REACH = 16, HOVER_MS = 90;

export class SoundMap {
  /** @param canvas, legend elements @param acts {hear(point), choose(point), like(point)} */
  constructor(canvas, legend, acts) {
    Object.assign(this, {canvas, legend, acts, points: [], under: null, chosen: null, only: null, zoom: 1, at: [0.5, 0.5], held: null, generation: 0});
    canvas.addEventListener("pointermove", event => this.#moved(event));
    canvas.addEventListener("pointerdown", event => { this.held = {x: event.clientX, y: event.clientY, at: this.at, moved: false}; canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointerup", event => this.#released(event));
    canvas.addEventListener("pointerleave", () => { clearTimeout(this.waiting); this.under = null; this.later(); });
    canvas.addEventListener("dblclick", event => { const point = this.#nearest(event); if (point) acts.like(point); });
    canvas.addEventListener("wheel", event => this.#wheeled(event), {passive: false});
    canvas.addEventListener("keydown", event => this.#pressed(event));
    new ResizeObserver(() => this.later()).observe(canvas);
  }

  /** At once by principal components; then, when nobody asks anew, by neighbourhoods. */
  async show(params) {
    const mine = ++this.generation;
    clearTimeout(this.resting);
    this.asking?.abort();
    this.asking = new AbortController();
    const {signal} = this.asking;
    this.busy = true;
    this.later();
    try {
      const {points, of} = await get("/api/map", {...params, by: "components"}, signal);
      if (mine !== this.generation) return;
      Object.assign(this, {points, of, under: null, chosen: null, only: null, zoom: 1, at: [0.5, 0.5]});
      this.#colour();
      this.resting = setTimeout(() => this.#better(params, signal, mine), REST_MS);
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    } finally { if (mine === this.generation) { this.busy = false; this.later(); } }
  }

  async #better(params, signal, mine) {
    this.sorting = true;
    this.later();
    try {
      const {points} = await get("/api/map", params, signal);
      if (mine !== this.generation) return;
      const places = new Map(points.map(each => [each.asset_id, each]));
      for (const point of this.points) ({x: point.x, y: point.y} = places.get(point.asset_id) ?? point);
    } catch { /* another was asked for, or it is left as it is */ } finally {
      if (mine === this.generation) { this.sorting = false; this.later(); }
    }
  }

  /** It is not looked at any more: what is worked out for it may end. */
  leave() {
    this.generation += 1;
    clearTimeout(this.resting);
    this.asking?.abort();
    this.busy = this.sorting = false;
  }

  /** Show which hit is chosen in the list. */
  mark(assetId) {
    this.chosen = this.points.find(each => each.asset_id === assetId) ?? null;
    this.later();
  }

  later() {
    this.frame ||= requestAnimationFrame(() => { this.frame = 0; if (!this.canvas.hidden) this.#paint(); });
  }

  #colour() {
    const counts = new Map();
    for (const each of this.points) counts.set(each.category, (counts.get(each.category) ?? 0) + 1);
    const named = [...counts].filter(([name]) => name).sort((one, other) => other[1] - one[1]);
    this.colours = new Map(named.slice(0, COLOURS.length).map(([name], index) => [name, COLOURS[index]]));
    const entry = (name, text, count, colour) => {
      const button = document.createElement("button"), dot = document.createElement("i");
      dot.style.background = colour;
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.append(dot, `${text} ${count}`);
      button.addEventListener("click", () => {
        this.only = this.only === name ? null : name;
        for (const each of this.legend.children) each.setAttribute("aria-pressed", String(each === button && this.only !== null));
        this.later();
      });
      return button;
    };
    const text = name => name.charAt(0) + name.slice(1).toLowerCase();
    const rest = this.points.filter(each => !this.colours.has(each.category)).length;
    this.legend.replaceChildren(...[...this.colours].map(([name, colour]) => entry(name, text(name), counts.get(name), colour)));
    if (rest) this.legend.append(entry("", "Others", rest, OTHER));
  }

  #group(point) { return this.colours?.has(point.category) ? point.category : ""; }

  #place(point) {
    const wide = this.canvas.clientWidth, tall = this.canvas.clientHeight - FOOT;
    return [
      wide / 2 + (point.x - this.at[0]) * this.zoom * (wide - 2 * EDGE),
      tall / 2 + (point.y - this.at[1]) * this.zoom * (tall - 2 * EDGE),
    ];
  }

  #nearest(event) {
    const inside = this.canvas.getBoundingClientRect();
    const x = event.clientX - inside.left, y = event.clientY - inside.top;
    let best = null, least = REACH ** 2;
    for (const point of this.points) {
      if (this.only !== null && this.#group(point) !== this.only) continue;
      const [px, py] = this.#place(point), far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) { least = far; best = point; }
    }
    return best;
  }

  #moved(event) {
    if (this.held) {
      const dx = event.clientX - this.held.x, dy = event.clientY - this.held.y;
      this.held.moved ||= Math.hypot(dx, dy) > 4;
      if (this.held.moved) {
        this.at = [this.held.at[0] - dx / this.zoom / this.canvas.clientWidth, this.held.at[1] - dy / this.zoom / this.canvas.clientHeight];
        this.later();
      }
      return;
    }
    const point = this.#nearest(event);
    if (point === this.under) return;
    this.under = point;
    this.later();
    clearTimeout(this.waiting);
    if (point) this.waiting = setTimeout(() => this.acts.hear(point), HOVER_MS);
  }

  #released(event) {
    const moved = this.held?.moved;
    this.held = null;
    if (moved) return;
    const point = this.#nearest(event);
    if (point) this.#choose(point);
  }

  #choose(point) {
    clearTimeout(this.waiting);
    this.chosen = point;
    this.later();
    this.acts.choose(point);
  }

  #wheeled(event) {
    event.preventDefault();
    const inside = this.canvas.getBoundingClientRect(), before = this.zoom;
    this.zoom = Math.min(12, Math.max(1, this.zoom * 1.0015 ** -event.deltaY));
    // What is under the pointer stays there.
    const off = [(event.clientX - inside.left - inside.width / 2) / inside.width, (event.clientY - inside.top - inside.height / 2) / inside.height];
    this.at = this.zoom === 1 ? [0.5, 0.5] : this.at.map((each, axis) => each + off[axis] * (1 / before - 1 / this.zoom));
    this.later();
  }

  #pressed(event) {
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!way || !this.points.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const from = this.chosen ?? this.points[0];
    let best = this.chosen ? null : from, least = Infinity;
    for (const point of this.chosen ? this.points : []) {
      const along = (point.x - from.x) * way[0] + (point.y - from.y) * way[1];
      const aside = Math.abs((point.x - from.x) * way[1]) + Math.abs((point.y - from.y) * way[0]);
      const cost = along + 2 * aside;
      if (point !== from && along > 1e-6 && aside <= 1.5 * along && cost < least) { least = cost; best = point; }
    }
    if (best) { this.#choose(best); this.acts.hear(best); }
  }

  #paint() {
    const ratio = devicePixelRatio || 1, {canvas} = this;
    const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    const brush = canvas.getContext("2d");
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    brush.font = "14px system-ui, sans-serif";
    if (!this.points.length || this.busy) {
      brush.fillStyle = "#a3abb8";
      brush.fillText(this.busy ? "Laying out by sound …" : "Nothing to lay out", EDGE, EDGE + 16);
      if (!this.points.length) return;
    }
    const size = Math.min(9, 3.5 + this.zoom + (this.points.length < 200 ? 1.5 : 0));
    for (const point of this.points) this.#dot(brush, point, size);
    for (const point of [this.chosen, this.under]) if (point) this.#told(brush, point, size + 3);
    const few = this.of ? `the first ${this.points.length.toLocaleString("en")} of ${this.of.toLocaleString("en")}` : "";
    brush.fillStyle = "#a3abb8";
    brush.fillText([few, this.sorting ? "laying neighbours together …" : ""].filter(Boolean).join(" · "), EDGE, EDGE);
  }

  #dot(brush, point, size) {
    const [x, y] = this.#place(point), faint = this.only !== null && this.#group(point) !== this.only;
    brush.globalAlpha = faint ? 0.12 : this.busy ? 0.3 : 0.9;
    brush.fillStyle = this.colours.get(point.category) ?? OTHER;
    brush.beginPath();
    brush.arc(x, y, size, 0, 7);
    brush.fill();
    brush.globalAlpha = 1;
  }

  #told(brush, point, size) {
    const [x, y] = this.#place(point), kind = point.category ? `${point.category.toLowerCase()}${point.guessed ? "?" : ""}` : "no category";
    this.#dot(brush, point, size);
    brush.lineWidth = 2;
    brush.strokeStyle = "#ffffff";
    brush.stroke();
    const text = `${point.name} · ${kind}`, wide = brush.measureText(text).width;
    const left = Math.max(8, Math.min(x + size + 6, this.canvas.clientWidth - wide - 14)), base = Math.max(24, y - size - 6);
    brush.fillStyle = "#14161aee";
    brush.fillRect(left - 6, base - 16, wide + 12, 22);
    brush.fillStyle = "#e6e8ec";
    brush.fillText(text, left, base);
  }
}
