/** The chosen sound: what it is, why it was found, its waveform to drag a region on. */

import {categoryOf, format, level, seconds} from "./facts.js";
import {Marks} from "./marks.js";
import {position} from "./player.js";
import {PAIRS, draw, peaksOf} from "./waveform.js";

const CLICK_PX = 4;
const part = tag => document.createElement(tag);

/** Its elements stay while other sounds are shown in them: what is held, or has the focus, keeps it. */
export class One {
  /** @param {HTMLElement} box
   *  @param acts {play(hit, from, to), like(hit), unlike(hit), use(hit), step(by), rate, keep, note, trouble} */
  constructor(box, acts) {
    Object.assign(this, {box, acts, hit: null, take: null, drawn: null, region: null, begun: null});
    Object.assign(this, {title: part("h2"), canvas: part("canvas"), facts: part("dl")});
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Waveform; drag, or press [ and ] while it plays, to choose a region");
    const marks = part("div");
    box.append(this.title, this.canvas, this.#buttons(), this.facts, marks);
    box.hidden = true;
    this.waiting = 0;
    this.marks = new Marks(marks, acts);
    this.#dragging();
    new ResizeObserver(([{contentRect: {width, height}}]) => { this.size = [width, height]; this.repaint(); }).observe(this.canvas);
  }

  /** What is meant is this sound from now on; it is seen once the list, and the player, have their turn. */
  show(hit) {
    if (this.hit?.asset_id !== hit?.asset_id) {
      this.drawn = null;
      this.anew = true;
    }
    // The same sound in another answer keeps its region, also while it is dragged.
    if (this.hit?.asset_id !== hit?.asset_id || this.take !== hit?.take.index) this.region = this.begun = null;
    this.hit = hit ?? null;
    this.take = hit?.take.index;
    this.untold = true;
    this.later();
  }

  #tellAll() {
    const {hit} = this;
    this.box.hidden = !hit;
    if (!hit) return;
    this.title.textContent = hit.name;
    this.#tell(hit);
    this.use.hidden = !this.acts.use;
    this.takes.hidden = hit.takes < 2;
    this.told.textContent = `take ${hit.take.index + 1} of ${hit.takes}`;
    this.marks.show(hit);
    this.#picture(hit).catch(this.acts.trouble);
  }

  /** The part that is meant: the region, else the take where there are several, else all. */
  partOf(hit) {
    if (hit.asset_id === this.hit?.asset_id && this.region) return this.region;
    return hit.takes > 1 ? [hit.take.start_s, hit.take.end_s] : null;
  }

  /** As GET /api/search takes it: an id, with @from-to where a part is meant. */
  referenceOf(hit) {
    const meant = this.partOf(hit);
    return meant ? `${hit.asset_id}@${meant[0].toFixed(3)}-${meant[1].toFixed(3)}` : String(hit.asset_id);
  }

  /** Begin (or end) the region where the ear is. */
  edge(end) {
    const at = this.hit && position(this.hit.asset_id);
    if (at === null) return;
    const [from, to] = this.region ?? [0, this.hit.duration_s];
    this.region = end ? [Math.min(from, at), at] : [at, to > at ? to : this.hit.duration_s];
    this.repaint();
  }

  /** Forget the region; false where there is none. */
  clearRegion() {
    const was = this.region !== null;
    this.region = null;
    this.repaint();
    return was;
  }

  repaint() {
    if (this.hit) draw(this.canvas, this.drawn, this.hit.duration_s, this.partOf(this.hit), position(this.hit.asset_id), this.size);
  }

  /** After the next picture: a sound begins to load, and rows stand, before all is told of it. */
  later() {
    this.waiting ||= requestAnimationFrame(() => setTimeout(() => {
      this.waiting = 0;
      if (this.anew) this.box.parentElement.scrollTop = 0; // before anything changes: it wants to know the layout
      if (this.untold) this.#tellAll();
      this.anew = this.untold = false;
      this.repaint();
    }));
  }

  #tell(hit) {
    const rows = [
      ["Why", hit.why], ["Category", categoryOf(hit)], ["CatID", hit.cat_id],
      ["Length", seconds(hit.duration_s)], ["Format", format(hit)], ["Loudness", level(hit)],
      ...Object.entries(hit.facets).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]), ["Licence", hit.licence], ["File", `${hit.root}/${hit.path}`],
    ];
    this.facts.replaceChildren(...rows.filter(row => row[1]).flatMap(([name, value]) => {
      const term = part("dt"), told = part("dd");
      term.textContent = name;
      if (name === "File") told.append(...broken(value)); else told.textContent = value;
      return [term, told];
    }));
  }

  #buttons() {
    const row = part("div"), act = (text, does, name = text) => {
      const button = part("button");
      Object.assign(button, {type: "button", textContent: text});
      button.setAttribute("aria-label", name);
      button.addEventListener("click", () => { if (this.hit) does(this.hit); });
      return button;
    };
    Object.assign(this, {use: act("Use in the session", hit => this.acts.use(hit)), takes: part("span"), told: part("span")});
    row.className = "acts";
    this.takes.className = "takes";
    this.told.className = "take";
    this.takes.append(act("◂", () => this.acts.step(-1), "Take before"), this.told, act("▸", () => this.acts.step(1), "Next take"));
    row.append(act("More like this", hit => this.acts.like(hit)), act("Less like this", hit => this.acts.unlike(hit)), this.use, this.takes);
    return row;
  }

  async #picture(hit) {
    const [found] = await peaksOf([hit.asset_id], PAIRS);
    if (this.hit?.asset_id !== hit.asset_id) return;
    this.drawn = found;
    this.later();
  }

  #dragging() {
    const place = this.canvas;
    const at = event => {
      const inside = place.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - inside.left) / inside.width)) * this.hit.duration_s;
    };
    place.addEventListener("pointerdown", event => {
      if (!this.hit || event.button !== 0) return;
      this.begun = at(event);
      place.setPointerCapture(event.pointerId);
    });
    place.addEventListener("pointermove", event => {
      if (this.begun === null) return;
      this.region = [Math.min(this.begun, at(event)), Math.max(this.begun, at(event))];
      this.repaint();
    });
    place.addEventListener("pointercancel", () => { this.begun = null; });
    place.addEventListener("pointerup", event => {
      if (this.begun === null) return;
      const {hit, begun: from} = this, to = at(event);
      this.begun = null;
      this.region = [Math.min(from, to), Math.max(from, to)];
      if ((this.region[1] - this.region[0]) * place.clientWidth / hit.duration_s < CLICK_PX) {
        const take = this.drawn?.takes.find(each => each[0] <= to && to < each[1]);
        this.region = take && this.drawn.takes.length > 1 ? [take[0], take[1]] : null;
      }
      this.repaint();
      this.acts.play(hit, ...(this.region ?? [to, hit.duration_s]));
    });
  }
}

/** A path that may be broken where its parts end. */
function broken(path) {
  return path.split(/(?<=[/_])/).flatMap(text => [text, part("wbr")]);
}
