/** What a cue might be played with: the library's own list with its reasons, or a search. */

import {get} from "./api.js";
import {draw, peaksOf} from "./waveform.js";

const WAIT_MS = 120, PAIRS = 128;

export class Shortlist {
  /** @param on {hear(one), use(one), add(one), trouble(problem)} */
  constructor(place, on) {
    Object.assign(this, {place, on, cue: null, session: null, found: [], chosen: -1, generation: 0, waiting: 0});
    place.innerHTML = `<div class="bar"><b></b><input type="search" aria-label="Search the library for this cue"
      placeholder="Search ( / )" autocomplete="off" spellcheck="false"><span></span></div>
      <div role="listbox" tabindex="0" aria-label="Sounds for the cue"></div><p role="status" hidden></p>`;
    [this.title, this.words, this.said] = place.firstElementChild.children;
    [, this.list, this.none] = place.children;
    this.words.addEventListener("input", () => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.load(), WAIT_MS); });
    this.list.addEventListener("click", event => this.#click(event));
    new ResizeObserver(() => this.#waveforms()).observe(this.list); // it may have been filled unseen
  }

  show(session, cue) {
    const other = this.cue?.number !== cue?.number || this.session?.key !== session.key;
    this.session = session;
    this.cue = cue;
    this.title.textContent = cue ? cue.number : "No cue chosen";
    if (!other) { this.#mark(); return; }
    // What answered another cue is nothing to choose from while this one's list is on its way.
    Object.assign(this, {found: [], chosen: -1});
    this.words.value = "";
    this.#paint();
    this.load();
  }

  async load() {
    const mine = ++this.generation, words = this.words.value.trim();
    this.asking?.abort();
    this.asking = new AbortController();
    const {signal} = this.asking;
    if (!this.cue && !words) { this.found = []; this.said.textContent = ""; this.#paint("Choose a cue, or search the library for a sound ( / )."); return; }
    try {
      let found, remark;
      if (words) {
        const answer = await get("/api/search", {q: words, limit: 30}, signal);
        found = answer.hits.map(hit => ({
          asset_id: hit.asset_id, name: hit.name, path: hit.path, take: hit.take.index, takes: hit.takes, why: hit.why,
          duration_s: hit.duration_s, take_start_s: hit.take.start_s, take_end_s: hit.take.end_s, category: hit.category,
        }));
        remark = answer.remarks[0] ?? `${answer.total} found`;
      } else {
        const answer = await get(`/api/session/${this.session.key}/cue/${encodeURIComponent(this.cue.number)}/shortlist`, {limit: 24}, signal);
        found = answer.candidates;
        remark = answer.remark || (answer.query || (answer.like && `like ${answer.like}`));
      }
      if (mine !== this.generation) return;
      this.found = found;
      this.said.textContent = this.said.title = remark;
      this.chosen = found.length ? 0 : -1;
      this.#paint(words ? `Nothing here has all of that: ${remark}.` : `${remark || "Nothing was asked for"}. Search the library with other words ( / ), then Use.`);
    } catch (problem) { if (mine === this.generation) this.on.trouble(problem); }
  }

  get one() { return this.found[this.chosen] ?? null; }

  choose(index) {
    if (index < 0 || index >= this.found.length) return;
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = index;
    const row = this.list.children[index];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({block: "nearest"});
    this.list.setAttribute("aria-activedescendant", row.id);
  }

  #click(event) {
    const row = event.target.closest(".choice");
    if (!row) return;
    this.choose([...this.list.children].indexOf(row));
    const act = event.target.closest("button")?.dataset.act;
    this.on[act ?? "hear"](this.one);
  }

  /** @param why nothing is found, where nothing is */
  #paint(why = "") {
    this.none.textContent = why;
    this.none.hidden = this.found.length > 0 || !why;
    this.said.hidden = this.found.length === 0;
    this.list.replaceChildren(...this.found.map((one, n) => this.#row(one, n)));
    this.#mark();
    this.#waveforms();
  }

  #row(one, n) {
    const row = document.createElement("div");
    row.className = "choice";
    row.id = `take-${n}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(n === this.chosen));
    row.innerHTML = `<span class="n"></span><span><b></b><small></small></span><canvas aria-hidden="true"></canvas><span class="acts">
      <button type="button" data-act="hear" title="Hear it in place">Hear</button><button type="button" data-act="use" title="Put it in the cue">Use</button>
      <button type="button" data-act="add" title="Lay it at the playhead">Add</button></span>`;
    row.children[0].textContent = n + 1;
    const [name, why] = row.children[1].children;
    name.textContent = one.name;
    name.title = one.path;
    const takes = one.takes > 1 ? `${one.takes} takes · ` : "";
    why.append(Object.assign(document.createElement("em"), {textContent: "plays now · "}), `${one.duration_s.toFixed(1)} s · ${takes}${one.why}`);
    why.title = one.why;
    for (const button of row.querySelectorAll("button")) button.setAttribute("aria-label", `${button.title}: ${one.name}`);
    return row;
  }

  /** Which of them play the cue now. */
  #mark() {
    const plays = new Set();
    if (this.cue) for (const track of this.session.tracks) for (const clip of track.clips) if (clip.cue === this.cue.number) plays.add(clip.asset_id);
    this.found.forEach((one, n) => this.list.children[n]?.classList.toggle("plays", plays.has(one.asset_id)));
  }

  async #waveforms() {
    const mine = this.generation, found = this.found;
    if (!found.length) return;
    const drawn = await peaksOf([...new Set(found.map(one => one.asset_id))], PAIRS).catch(() => []);
    if (mine !== this.generation) return;
    const ids = [...new Set(found.map(one => one.asset_id))];
    found.forEach((one, n) => {
      const canvas = this.list.children[n]?.querySelector("canvas");
      if (canvas) draw(canvas, drawn[ids.indexOf(one.asset_id)], one.duration_s, one.takes > 1 ? [one.take_start_s, one.take_end_s] : null);
    });
  }
}
