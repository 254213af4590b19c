/** What people say of a sound: stars, collections and a note; kept with the sound. */

const WAIT_MS = 700;

export class Marks {
  /** @param box an element @param acts {rate(hit, stars), keep(hit, collection, drop), note(hit, text)} */
  constructor(box, acts) {
    Object.assign(this, {acts, hit: null, stars: document.createElement("div"), kept: document.createElement("div"), add: document.createElement("input"), note: document.createElement("textarea")});
    box.className = "marks";
    this.stars.className = "stars";
    this.stars.setAttribute("role", "group");
    for (let n = 1; n <= 5; n += 1) this.stars.append(this.#star(n));
    this.kept.className = "kept";
    Object.assign(this.add, {type: "text", placeholder: "keep in …", autocomplete: "off", maxLength: 80});
    this.add.setAttribute("aria-label", "Keep in a collection");
    this.add.addEventListener("keydown", event => {
      const name = this.add.value.trim();
      if (event.key !== "Enter" || !name) return;
      this.add.value = "";
      acts.keep(this.hit, name, false);
    });
    this.kept.append(this.add);
    Object.assign(this.note, {placeholder: "A note", rows: 2});
    this.note.setAttribute("aria-label", "Note");
    this.note.addEventListener("change", () => this.#write(0));
    this.note.addEventListener("input", () => this.#write(WAIT_MS)); // the tab may be closed
    box.append(this.stars, this.kept, this.note);
  }

  /** The elements stay, so that what has the focus keeps it, and what is being written is not lost. */
  show(hit) {
    if (this.hit !== hit) this.add.value = "";
    const other = this.hit?.asset_id !== hit.asset_id;
    this.hit = hit;
    if (other || document.activeElement !== this.note) this.note.value = hit.note ?? "";
    this.stars.setAttribute("aria-label", `Rating: ${hit.rating ?? 0} of 5`);
    [...this.stars.children].forEach((star, index) => {
      star.textContent = index < (hit.rating ?? 0) ? "★" : "☆";
      star.setAttribute("aria-pressed", String(index + 1 === hit.rating));
    });
    this.kept.replaceChildren(...hit.collections.map(name => this.#chip(name)), this.add);
  }

  /** What is written is of the sound that it was written at, whatever is shown by then. */
  #write(wait) {
    const {hit} = this, text = this.note.value;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { if (text !== (hit.note ?? "")) this.acts.note(hit, text); }, wait);
  }

  #star(n) {
    const star = document.createElement("button");
    star.type = "button";
    star.setAttribute("aria-label", n === 1 ? "1 star" : `${n} stars`);
    star.addEventListener("click", () => this.acts.rate(this.hit, n === this.hit.rating ? 0 : n));
    return star;
  }

  #chip(name) {
    const chip = document.createElement("button");
    Object.assign(chip, {type: "button", className: "chip", textContent: `⚑ ${name} ×`});
    chip.setAttribute("aria-label", `Take out of ${name}`);
    chip.addEventListener("click", () => { this.acts.keep(this.hit, name, true); this.add.focus(); });
    return chip;
  }
}
