/** The dials of likeness: in what a sound shall be alike, and how much that counts. */

const ASPECTS = [
  ["timbre", "Timbre", "what kind of sound it is, and its colour"],
  ["pitch", "Pitch", "its note, as far as it has one"],
  ["loudness", "Loudness shape", "how its level moves: attack, decay, how steady"],
  ["spectrum", "Spectrum", "how bright, how wide, tone or noise"],
];
const PLAIN = {timbre: 1, pitch: 0, loudness: 0, spectrum: 0};
const WAIT_MS = 120;

export class Dials {
  /** @param box an element @param onChange told when others are asked for */
  constructor(box, onChange) {
    Object.assign(this, {box, onChange, weights: null, ranges: new Map(), waiting: 0});
    const title = document.createElement("b");
    title.textContent = "Alike in";
    this.whole = document.createElement("button");
    Object.assign(this.whole, {type: "button", textContent: "all that is heard", title: "Compare whole sounds, as without dials"});
    this.whole.addEventListener("click", () => { this.set(null); this.#changed(0); });
    box.append(title, ...ASPECTS.map(aspect => this.#dial(...aspect)), this.whole);
    this.set(null);
  }

  /** As the server takes them: none, where whole sounds are compared. */
  get asked() {
    return this.weights ? Object.entries(this.weights).map(([name, weight]) => `${name}=${weight}`) : [];
  }

  /** @param weights by aspect, 0 to 1; null: all that is heard */
  set(weights) {
    this.weights = weights;
    this.whole.setAttribute("aria-pressed", String(weights === null));
    this.box.classList.toggle("whole", weights === null);
    for (const [name, {range, value}] of this.ranges) {
      range.value = Math.round(100 * (weights ?? PLAIN)[name]);
      value.textContent = weights ? `${range.value} %` : "–";
      range.setAttribute("aria-valuetext", weights ? `${range.value} percent` : "not set: whole sounds are compared");
    }
  }

  #dial(name, text, title) {
    const label = document.createElement("label"), range = document.createElement("input"), value = document.createElement("output");
    label.title = title;
    Object.assign(range, {type: "range", min: 0, max: 100, step: 5, id: `dial-${name}`});
    range.addEventListener("input", () => {
      const weights = Object.fromEntries([...this.ranges].map(([each, dial]) => [each, Number(dial.range.value) / 100]));
      // Something has to count: the last one that is turned down stays just above nothing.
      if (!Object.values(weights).some(Boolean)) weights[name] = 0.05;
      this.set(weights);
      this.#changed(WAIT_MS);
    });
    label.append(`${text} `, range, value);
    this.ranges.set(name, {range, value});
    return label;
  }

  #changed(wait) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(this.onChange, wait);
  }
}

/** "timbre=1", "pitch=0.5" as weights; null where there are none. */
export function weightsOf(texts) {
  const weights = {...PLAIN};
  for (const text of texts) {
    const [name, number] = text.split("=");
    if (name in weights && Number(number) >= 0 && Number(number) <= 1) weights[name] = Number(number);
  }
  return texts.length && Object.values(weights).some(Boolean) ? weights : null;
}
