/** The list of hits: only what is on screen exists, so that tens of thousands scroll. */

import {draw, known, peaksOf} from "./waveform.js";

const HEIGHT = 64, PAIRS = 400, SPARE = 4;

export class Rows {
  /** @param {HTMLElement} box @param need (first, last) => Promise, fetches hits @param onChoose, onPlay */
  constructor(box, need, onChoose, onPlay) {
    Object.assign(this, {box, need, onChoose, onPlay, hits: [], total: 0, chosen: -1, shown: new Map()});
    this.all = document.createElement("div");
    this.all.className = "all";
    box.append(this.all);
    box.addEventListener("scroll", () => this.later(), {passive: true});
    new ResizeObserver(() => this.later()).observe(box);
  }

  reset(hits, total) {
    this.hits = hits.slice();
    this.total = total;
    this.chosen = hits.length ? 0 : -1;
    this.all.replaceChildren();
    this.shown.clear();
    this.all.style.height = `${total * HEIGHT}px`;
    this.box.scrollTop = 0;
    this.paint();
  }

  put(offset, hits) {
    hits.forEach((hit, index) => { this.hits[offset + index] = hit; });
    this.later();
  }

  later() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.paint(); });
  }

  paint() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / HEIGHT) - SPARE);
    const last = Math.min(this.total, Math.ceil((this.box.scrollTop + this.box.clientHeight) / HEIGHT) + SPARE);
    for (const [index, row] of this.shown) {
      if (index < first || index >= last) { row.remove(); this.shown.delete(index); }
    }
    const missing = [], unseen = [];
    for (let index = first; index < last; index += 1) {
      const hit = this.hits[index];
      if (!hit) { missing.push(index); continue; }
      if (!this.shown.has(index)) this.all.append(this.make(index, hit));
      if (known(hit.asset_id, PAIRS) === undefined) unseen.push(hit.asset_id);
      this.wave(index);
    }
    if (missing.length) this.need(missing[0], missing.at(-1) + 1);
    if (unseen.length && !this.asking) {
      this.asking = peaksOf(unseen.slice(0, 60), PAIRS).catch(() => {}).then(() => { this.asking = null; this.later(); });
    }
  }

  make(index, hit) {
    const row = document.createElement("div");
    row.className = "row";
    row.id = `row-${index}`;
    row.role = "option";
    row.style.top = `${index * HEIGHT}px`;
    const name = document.createElement("div");
    const strong = document.createElement("b"), small = document.createElement("small");
    strong.textContent = hit.name;
    small.textContent = [hit.cat_id ?? "no CatID", hit.takes > 1 ? `${hit.takes} takes` : "", stars(hit.rating)].filter(Boolean).join(" · ");
    name.append(strong, small);
    name.title = `${hit.root}/${hit.path}\n${hit.why}`;
    const facts = document.createElement("div");
    facts.className = "facts";
    const length = document.createElement("b"), format = document.createElement("small");
    length.textContent = seconds(hit.duration_s);
    format.textContent = `${hit.sample_rate_hz / 1000}k ${hit.channels} ch ${hit.format}`;
    facts.append(length, format);
    const canvas = document.createElement("canvas");
    row.append(name, canvas, facts);
    row.setAttribute("aria-selected", String(index === this.chosen));
    row.classList.toggle("chosen", index === this.chosen);
    row.addEventListener("pointerdown", event => {
      this.choose(index);
      const inside = canvas.getBoundingClientRect();
      const at = (event.clientX - inside.left) / inside.width * hit.duration_s;
      this.onPlay(hit, at >= 0 && at < hit.duration_s ? at : null);
    });
    this.shown.set(index, row);
    return row;
  }

  wave(index) {
    const hit = this.hits[index], row = this.shown.get(index), drawn = known(hit.asset_id, PAIRS);
    if (!drawn || row.drawn === row.clientWidth) return;
    row.drawn = row.clientWidth;
    const part = [hit.take.start_s, hit.take.end_s];
    draw(row.querySelector("canvas"), drawn, hit.duration_s, hit.takes > 1 ? part : null);
  }

  choose(index) {
    if (index < 0 || index >= this.total) return;
    for (const [number, row] of this.shown) {
      row.classList.toggle("chosen", number === index);
      row.setAttribute("aria-selected", String(number === index));
    }
    this.chosen = index;
    this.box.setAttribute("aria-activedescendant", `row-${index}`);
    const top = index * HEIGHT;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    if (top + HEIGHT > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + HEIGHT - this.box.clientHeight;
    if (this.hits[index]) this.onChoose(this.hits[index]);
  }

  get hit() { return this.hits[this.chosen]; }
}

export const stars = rating => rating ? "★".repeat(rating) : "";
export const seconds = value => value < 60 ? `${value.toFixed(2)} s` : `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;
