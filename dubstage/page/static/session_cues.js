/** The cue list: one row a cue, chosen by mouse or keyboard. */

import {label} from "./timecode.js";

export class CueList {
  /** @param place an element @param onChoose told (cue) */
  constructor(place, onChoose) {
    Object.assign(this, {place, onChoose, session: null, chosen: null, rows: new Map(), drawn: new Map()});
    place.innerHTML = `<div class="bar"><b></b><span></span><span class="right"></span></div><div role="listbox" aria-label="Cues" tabindex="0"></div>`;
    this.bar = place.firstElementChild;
    this.list = place.lastElementChild;
    this.list.addEventListener("click", event => {
      const row = event.target.closest(".cue");
      if (row) this.choose(row.dataset.number);
    });
  }

  show(session) {
    if (this.session?.key !== session.key) { this.rows.clear(); this.drawn.clear(); this.chosen = null; }
    this.session = session;
    const wrong = session.problems.length, [count, sheet, problems] = this.bar.children;
    count.textContent = `${session.cues.length} cues`;
    sheet.textContent = session.cue_sheet ?? "no cue sheet at hand";
    problems.textContent = wrong ? `${wrong} ${wrong === 1 ? "problem" : "problems"}` : "";
    problems.title = session.problems.join("\n");
    problems.classList.toggle("trouble", wrong > 0);
    const rows = session.cues.map(cue => this.#row(cue));
    if (rows.length !== this.list.children.length || rows.some((row, n) => row !== this.list.children[n])) this.list.replaceChildren(...rows);
    if (!session.cues.some(cue => cue.number === this.chosen)) this.chosen = null;
  }

  get cue() { return this.session?.cues.find(cue => cue.number === this.chosen) ?? null; }

  choose(number, tell = true) {
    this.rows.get(this.chosen)?.setAttribute("aria-selected", "false");
    this.chosen = number;
    const row = this.rows.get(number);
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    this.list.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({block: "nearest"});
    if (tell) this.onChoose(this.cue);
  }

  step(by) {
    const cues = this.session.cues, at = cues.findIndex(cue => cue.number === this.chosen);
    if (cues.length) this.choose(cues[at < 0 ? 0 : Math.min(cues.length - 1, Math.max(0, at + by))].number);
  }

  /** The row of a cue, made anew only where the cue is another one. */
  #row(cue) {
    const told = JSON.stringify(cue), known = this.rows.get(cue.number);
    if (known && this.drawn.get(cue.number) === told) return known;
    const row = known ?? document.createElement("div");
    Object.assign(row, {className: "cue", id: `cue-${encodeURIComponent(cue.number)}`});
    Object.assign(row.dataset, {number: cue.number, stem: cue.stem});
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(cue.number === this.chosen));
    row.innerHTML = `<b></b><time></time><span class="what"></span><span class="state"></span><small></small>`;
    const [number, time, what, state, more] = row.children;
    number.textContent = cue.number;
    time.textContent = label(cue.in_frame, this.session);
    what.textContent = cue.query || cue.sound || (cue.like && `like ${cue.like}`) || cue.sounds[0] || "";
    what.title = cue.note;
    state.textContent = cue.locked ? "locked" : cue.in_sheet || !this.session.cue_sheet ? "" : "by hand";
    if (cue.problems.length) {
      const wrong = document.createElement("span");
      Object.assign(wrong, {className: "wrong", textContent: cue.clips.length ? " !" : " empty", title: cue.problems.join("\n")});
      state.append(wrong);
    }
    const count = `${cue.clips.length} ${cue.clips.length === 1 ? "clip" : "clips"}`;
    more.textContent = `${cue.stem} ${cue.track} · ${count}${cue.sounds.length ? ` · ${cue.sounds.join(", ")}` : ""}`;
    this.rows.set(cue.number, row);
    this.drawn.set(cue.number, told);
    return row;
  }
}
