/** The list of hits: only what is on screen exists, so that tens of thousands scroll.
 *
 *  A row that leaves the screen is used again for one that enters it; while the list flies by,
 *  nothing is asked for or drawn that would be gone before it came.
 */

import {categoryOf, format, level, seconds, stars} from "./facts.js";
import {PAIRS, draw, known, peaksOf} from "./waveform.js";

export const HEIGHT = 64;
const SPARE = 4, REST_MS = 70, DRAWN_A_FRAME = 2;

/** Why a hit answers, as a row has room for it; in full where it is chosen. */
const shortly = (why) => why.split(" (")[0].replace("sounds alike:", "alike").replace("named as others near it:", "named");

export class Rows {
  /** @param {HTMLElement} box @param need (first, last): hits to fetch @param onChoose(hit)
   *  @param onPlay(hit, seconds or null, take or null): a click on the row, its waveform, a take */
  constructor(box, need, onChoose, onPlay) {
    Object.assign(this, {box, need, onChoose, onPlay, hits: [], total: 0, chosen: -1, shown: new Map(), spare: [], place: 0, top: 0, moved: 0, wave: null, fresh: false});
    this.all = document.createElement("div");
    this.all.className = "all";
    this.all.role = "presentation";
    box.append(this.all);
    box.addEventListener("scroll", () => { this.place = box.scrollTop; this.moved = performance.now(); this.later(); }, {passive: true});
    this.all.addEventListener("pointerdown", event => this.#pressed(event));
    new ResizeObserver(() => { this.#measure(); this.later(); }).observe(box);
    this.#measure();
  }

  /** Another answer. Its words stand in the next picture, waveforms in the one after it. */
  reset(hits, total) {
    if (this.place) this.box.scrollTop = this.place = 0; // before anything changes: it wants to know the layout
    this.hits = hits.slice();
    this.total = total;
    this.chosen = hits.length ? 0 : -1;
    this.all.style.height = `${total * HEIGHT}px`;
    for (const [index, row] of this.shown) this.#stand(row, index);
    this.moved = 0;
    this.fresh = true;
    this.#paint(0);
    requestAnimationFrame(() => setTimeout(() => { this.fresh = false; this.later(); }));
  }

  put(offset, hits) {
    hits.forEach((hit, index) => { this.hits[offset + index] ??= hit; });
    this.later();
  }

  /** A hit has changed: show it so. */
  refresh(hit) {
    for (const [index, row] of this.shown) if (this.hits[index] === hit) row.hit = null;
    this.later();
  }

  later() {
    this.waiting ||= requestAnimationFrame(() => { this.waiting = 0; this.#paint(this.box.scrollTop); });
  }

  #paint(top) {
    const first = Math.max(0, Math.floor(top / HEIGHT) - SPARE);
    const last = Math.min(this.total, Math.ceil((top + this.tall) / HEIGHT) + SPARE);
    const flying = performance.now() - this.moved < REST_MS && Math.abs(top - this.top) > HEIGHT; // too quick to be looked at
    this.top = this.place = top;
    if (!this.fresh) this.wave ??= this.#waveSize(); // while nothing has changed that would be laid out for it
    for (const index of [...this.shown.keys()]) if (index < first || index >= last) this.#drop(index);
    const missing = [], unseen = [];
    let drawn = 0, more = false;
    for (let index = Math.min(last, ...this.shown.keys()) - 1; index >= first; index -= 1) this.#take(index);
    for (let index = first; index < last; index += 1) {
      const hit = this.hits[index], row = this.shown.get(index) ?? this.#take(index);
      if (row.hit !== hit || !row.filled) this.#fill(row, hit);
      if (!hit) { missing.push(index); continue; }
      const peaks = known(hit.asset_id, PAIRS);
      if (peaks === undefined) unseen.push(hit.asset_id);
      else if (row.drawn !== this.wide && !flying && this.wave && !this.fresh) {
        if (drawn < DRAWN_A_FRAME || !this.moved) { this.#wave(row, hit, peaks); drawn += 1; } else more = true;
      }
    }
    if (more) this.later();
    clearTimeout(this.rest);
    if (flying) { this.rest = setTimeout(() => this.later(), REST_MS); return; }
    if (missing.length) this.need(missing[0], missing.at(-1) + 1);
    if (unseen.length && !this.asking) {
      this.asking = peaksOf(unseen.slice(0, 20), PAIRS).catch(() => {}).then(() => { this.asking = null; this.later(); });
    }
  }

  /** The line that is heard, on its row; null: nothing plays. */
  follow(assetId, at) {
    for (const [index, row] of this.shown) {
      const hit = this.hits[index], here = at !== null && hit?.asset_id === assetId;
      if (!here && row.line.hidden) continue;
      row.line.hidden = !here;
      if (here) row.line.style.transform = `translateX(${(at / hit.duration_s * (this.wave?.[0] ?? 0)).toFixed(1)}px)`;
    }
  }

  choose(index, asOther = true) {
    if (index < 0 || index >= this.total) return;
    for (const [number, row] of this.shown) this.#select(row, number === index);
    this.chosen = index;
    this.box.setAttribute("aria-activedescendant", `row-${index}`);
    const top = index * HEIGHT;
    if (top < this.place) this.box.scrollTop = this.place = top;
    if (top + HEIGHT > this.place + this.tall) this.box.scrollTop = this.place = top + HEIGHT - this.tall;
    if (asOther && this.hits[index]) this.onChoose(this.hits[index]);
  }

  get hit() { return this.hits[this.chosen]; }

  #measure() {
    this.wide = this.box.clientWidth;
    this.tall = this.box.clientHeight;
    this.wave = null;
  }

  /** Of every row's waveform, as wide and tall as that of any; null while there is no row. */
  #waveSize() {
    const [row] = this.shown.values();
    return row?.wave.clientWidth ? [row.wave.clientWidth, row.wave.clientHeight] : null;
  }

  #select(row, chosen) {
    row.classList.toggle("chosen", chosen);
    row.setAttribute("aria-selected", String(chosen));
  }

  #take(index) {
    const row = this.spare.pop() ?? made();
    row.id = `row-${index}`;
    row.index = index;
    row.filled = false;
    row.style.transform = `translateY(${index * HEIGHT}px)`;
    row.setAttribute("aria-posinset", index + 1);
    this.#stand(row, index);
    // In the order of the hits also for who reads the page rather than sees it.
    if (this.shown.size && index < Math.min(...this.shown.keys())) this.all.prepend(row); else this.all.append(row);
    this.shown.set(index, row);
    return row;
  }

  #stand(row, index) {
    row.setAttribute("aria-setsize", this.total);
    this.#select(row, index === this.chosen);
  }

  #drop(index) {
    const row = this.shown.get(index);
    row.remove();
    this.shown.delete(index);
    this.spare.push(row);
  }

  #fill(row, hit) {
    const was = row.hit;
    Object.assign(row, {hit, filled: true});
    // The same take in another answer has the same picture; any other is not to be seen in its place.
    const same = hit && was?.asset_id === hit.asset_id && was.take.index === hit.take.index;
    if (!same) row.drawn = 0;
    row.line.hidden = true;
    row.classList.toggle("waits", !hit);
    if (!same) row.canvas.hidden = true; // while the list flies by, canvases cost more than all else
    const kept = hit?.collections.length ? "⚑ " : "";
    row.name.textContent = hit?.name ?? "…";
    row.kind.textContent = hit ? [categoryOf(hit), hit.takes > 1 ? `${hit.takes} takes` : ""].filter(Boolean).join(" · ") : "";
    row.why.textContent = hit ? shortly(hit.why) : "";
    row.said.textContent = hit ? `${kept}${stars(hit.rating)}` : "";
    row.level.textContent = hit ? level(hit) : "";
    row.length.textContent = hit ? seconds(hit.duration_s) : "";
    row.format.textContent = hit ? format(hit) : "";
    row.title = hit ? `${hit.root}/${hit.path}` : "";
  }

  #wave(row, hit, peaks) {
    row.drawn = this.wide;
    row.canvas.hidden = false;
    draw(row.canvas, peaks, hit.duration_s, hit.takes > 1 ? [hit.take.start_s, hit.take.end_s] : null, null, this.wave);
  }

  #pressed(event) {
    const row = event.target.closest(".row"), hit = row && this.hits[row.index];
    if (!hit || event.button !== 0) return;
    this.choose(row.index);
    const inside = row.wave.getBoundingClientRect();
    const at = (event.clientX - inside.left) / inside.width * hit.duration_s;
    if (at < 0 || at >= hit.duration_s) { this.onPlay(hit, null, null); return; }
    const takes = known(hit.asset_id, PAIRS)?.takes ?? [];
    const low = event.clientY > inside.bottom - inside.height / 4;
    const number = low && takes.length > 1 ? takes.findIndex(each => each[0] <= at && at < each[1]) : -1;
    this.onPlay(hit, at, number < 0 ? null : number);
  }
}

/** An empty row; its parts are its properties, so that filling it looks nothing up. */
function made() {
  const row = document.createElement("div"), name = document.createElement("div"), wave = document.createElement("div"), facts = document.createElement("div");
  row.className = "row";
  row.role = "option";
  wave.className = "wave";
  facts.className = "facts";
  const part = (tag, into, className = "") => { const element = document.createElement(tag); element.className = className; into.append(element); return element; };
  const first = part("div", name, "first"), top = part("div", facts, "first");
  row.name = part("b", first);
  row.said = part("span", first, "said");
  const second = part("small", name, "second");
  row.kind = part("span", second);
  row.why = part("span", second, "why");
  row.wave = wave;
  row.canvas = part("canvas", wave);
  row.canvas.hidden = true;
  row.canvas.setAttribute("aria-hidden", "true");
  row.line = part("i", wave, "line");
  row.line.hidden = true;
  row.level = part("small", top);
  row.length = part("b", top);
  row.format = part("small", facts);
  row.append(name, wave, facts);
  return row;
}
