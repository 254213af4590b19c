/** Renders: started, followed, stopped; stems to listen to, and the reports. */

import {get, send} from "./api.js";

export class RenderPanel {
  /** @param place an element @param paper a dialog for the reports */
  constructor(place, paper, onTrouble) {
    Object.assign(this, {place, paper, onTrouble, session: null, source: null, listed: null});
    place.innerHTML = `<h2>Render</h2><div class="acts"><label class="unseen" for="delivery">Delivery</label><select id="delivery"></select>
      <button type="button" id="start-render">Render stems</button><button type="button" id="stop-render" hidden>Stop</button></div>
      <div id="bars" aria-live="polite"></div><div id="stems"></div>`;
    [this.delivery, this.start, this.halt, this.bars, this.stems] = ["delivery", "start-render", "stop-render", "bars", "stems"].map(id => place.querySelector(`#${id}`));
    this.start.addEventListener("click", () => this.begin().catch(onTrouble));
    this.halt.addEventListener("click", () => send("POST", `/api/jobs/${this.job}/cancel`, {}).catch(onTrouble));
    this.delivery.addEventListener("change", () => this.#paint());
  }

  async show(session) {
    if (this.session?.key !== session.key) this.#leave(); // a render of another session goes on unseen
    this.session = session;
    const listed = await get(`/api/session/${session.key}/stems`);
    if (this.session.key !== session.key) return;
    this.listed = listed;
    if (!this.delivery.options.length) this.delivery.replaceChildren(...this.listed.deliveries.map(name => new Option(name, name)));
    const running = this.listed.renders.find(each => each.job);
    if (running && !this.source) { this.delivery.value = running.delivery; this.#follow(running.job); }
    this.#paint();
  }

  async begin() {
    const {job} = await send("POST", `/api/session/${this.session.key}/render`, {delivery: this.delivery.value});
    this.#follow(job);
  }

  #follow(job) {
    this.job = job;
    this.start.disabled = true;
    this.halt.hidden = false;
    this.bars.replaceChildren();
    this.stems.replaceChildren();
    this.#say("starting …");
    this.source = new EventSource(`/api/jobs/${job}/events`);
    const on = (name, work) => this.source.addEventListener(name, event => work(JSON.parse(event.data)));
    on("progress", ({stem, done, total}) => { this.#say("rendering …"); this.#bar(stem).value = done / total; });
    on("phase", () => { this.#say("checking the stems …"); });
    on("done", ({finished: said}) => this.#ended(said.problems.length ? `done, with ${said.problems.length} ${said.problems.length === 1 ? "problem" : "problems"}` : "done"));
    on("stopped", () => this.#ended("stopped; nothing half-written is left"));
    on("failed", said => this.#ended(said.error, true));
    this.source.onerror = () => { if (this.source?.readyState === EventSource.CLOSED) this.#ended("the server is gone", true); };
  }

  #leave() {
    this.source?.close();
    this.source = null;
    this.start.disabled = false;
    this.halt.hidden = true;
    this.bars.replaceChildren();
  }

  #ended(text, wrong = false) {
    this.#leave();
    this.#say(text, wrong);
    this.show(this.session).catch(this.onTrouble);
  }

  #say(text, wrong = false) {
    let line = this.bars.querySelector("p");
    if (!line) { line = document.createElement("p"); this.bars.append(line); }
    line.textContent = text;
    line.classList.toggle("trouble", wrong);
  }

  #bar(stem) {
    const id = `bar-${encodeURIComponent(stem)}`;
    let bar = this.bars.querySelector(`#${CSS.escape(id)}`);
    if (!bar) {
      const row = document.createElement("div");
      row.className = "stem";
      row.innerHTML = "<label></label><progress max='1'></progress>";
      row.firstChild.textContent = stem;
      row.firstChild.htmlFor = id;
      bar = row.lastChild;
      bar.id = id;
      this.bars.append(row);
    }
    return bar;
  }

  #paint() {
    const made = this.listed?.renders.find(each => each.delivery === this.delivery.value);
    if (this.source) return;
    this.stems.replaceChildren();
    if (!made?.stems.length) return;
    const files = `/api/session/${this.session.key}/files/${encodeURIComponent(made.delivery)}`;
    const acts = document.createElement("div");
    acts.className = "acts";
    for (const [there, name, text] of [[made.report, "report.html", "Report"], [made.qc, "qc.html", made.qc_passed ? "QC: passed" : "QC: not passed"]]) {
      if (!there) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => this.open(`${files}/${name}`, text));
      acts.append(button);
    }
    this.stems.append(acts);
    if (made.older_than_session) this.stems.append(Object.assign(document.createElement("p"), {className: "trouble", textContent: "edited since: render again to hear it"}));
    for (const stem of made.stems) this.stems.append(stemRow(stem, files));
    if (made.problems.length) {
      const list = document.createElement("ul");
      list.className = "problems";
      list.append(...made.problems.slice(0, 50).map(text => Object.assign(document.createElement("li"), {textContent: text})));
      this.stems.append(list);
    }
  }

  /** A report in the page; it stands alone and may as well be opened beside it. */
  open(address, title) {
    this.paper.innerHTML = `<div class="bar"><b></b><a target="_blank" rel="noopener">in a tab of its own</a><form method="dialog" class="right"><button>Close</button></form></div><iframe></iframe>`;
    this.paper.querySelector("b").textContent = title;
    this.paper.querySelector("a").href = address;
    Object.assign(this.paper.querySelector("iframe"), {title, src: address});
    this.paper.showModal();
  }
}

function stemRow(stem, files) {
  const row = document.createElement("div");
  row.className = "stem";
  row.innerHTML = "<div><b></b><span></span></div>";
  row.querySelector("b").textContent = stem.name;
  const {integrated_lufs: lufs, true_peak_dbtp: peak} = stem;
  row.querySelector("span").textContent = [
    stem.layout, `${stem.clips} clips`, lufs === null || lufs === undefined ? null : `${lufs.toFixed(1)} LUFS`,
    peak === null || peak === undefined ? null : `${peak.toFixed(1)} dBTP`,
  ].filter(Boolean).join(" · ");
  if (stem.files.length === 1) {
    const audio = document.createElement("audio");
    Object.assign(audio, {controls: true, preload: "none", src: `${files}/${encodeURIComponent(stem.files[0])}`});
    audio.setAttribute("aria-label", `Stem ${stem.name}`);
    row.append(audio);
  }
  return row;
}
