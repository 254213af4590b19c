/** Filters: the library's own kinds with their counts. A choice is pressed again to undo it;
 *  choices of one field widen each other, fields narrow each other, as in the query. */

import {get} from "./api.js";

const LENGTHS = [["under 1 s", "<1s"], ["1 to 5 s", "1..5s"], ["5 to 60 s", "5..60s"], ["over a minute", ">60s"]];
const LEVELS = [["quiet, under −35", "<-35"], ["−35 to −20", "-35..-20"], ["loud, over −20", ">-20"]];
const RATINGS = [["★ or more", ">=1"], ["★★★ or more", ">=3"], ["★★★★★", ">=5"]];
const CHANNELS = {1: "mono", 2: "stereo", 4: "4 (quad, ambisonic)", 6: "6 (5.1)", 8: "8 (7.1)"};
// UCS has no stems. What a person walks, wears and handles is Foley; what lasts is a background.
const FOLEY = ["FOLEY", "FOOTSTEPS", "CLOTH", "LEATHER", "OBJECTS", "PAPER", "FOOD & DRINK", "MOVEMENT", "DRAWERS", "CERAMICS", "CHAINS", "ROPE", "RUBBER", "PLASTIC"];
const BACKGROUNDS = ["AMBIENCE", "RAIN", "WIND", "WEATHER", "CROWDS", "WATER", "BIRDS", "INSECTS", "FIRE"];
const OPEN = new Set(["Stem", "Category", "Surface", "Length"]);
const FEW = 8;

export class Filters {
  /** @param {HTMLElement} box @param onChange told after every choice */
  constructor(box, onChange) {
    Object.assign(this, {box, onChange, chosen: new Map(), buttons: new Map(), choices: new Map()});
  }

  /** Ask what there is, and show it; what is chosen stays. */
  async load() {
    const facets = await get("/api/facets");
    this.cats = [...facets.categories.flatMap(each => each.subcategories.map(sub => ({...sub, category: each.category}))), ...facets.guessed.map(each => ({...each, guessed: true}))];
    this.buttons.clear();
    this.choices.clear();
    const open = new Map([...this.box.querySelectorAll("details[data-title]")].map(each => [each.dataset.title, each.open]));
    this.box.replaceChildren();
    const of = (name, told = String) => facets[name].map(each => [told(each.value), String(each.value), each.count]);
    const group = (title, field, rows) => this.#group(title, field, rows, open.get(title) ?? OPEN.has(title));
    group("Stem", "stem", this.#stems());
    this.#tree(open.get("Category") ?? true);
    group("Surface", "surface", of("surfaces"));
    group("Length", "duration", LENGTHS);
    group("Channels", "channels", of("channels", value => CHANNELS[value] ?? String(value)));
    group("Loudness, LUFS", "loudness", LEVELS);
    group("Sample rate", "rate", of("rates", value => `${value / 1000} kHz`));
    group("Format", "format", of("formats"));
    group("Licence", "licence", of("licences"));
    group("Rating", "rated", RATINGS);
    group("Collection", "collection", of("collections"));
    this.#press();
  }

  /** The query that the choices stand for. */
  query() {
    const parts = [], catIds = new Set();
    for (const {field, value} of this.chosen.values()) {
      if (field === "catid") for (const each of value.split(",")) catIds.add(each);
    }
    const fields = new Map();
    const likely = new Set(this.cats?.filter(each => each.guessed).map(each => each.cat_id));
    const among = ids => `catid:${ids.join(",")}${ids.some(id => likely.has(id)) ? "?" : ""}`;
    for (const {field, value} of this.chosen.values()) {
      if (field === "stem") parts.push(among(value.split(",")));
      else if (field !== "catid") fields.set(field, [...fields.get(field) ?? [], value]);
    }
    if (catIds.size) parts.push(among([...catIds]));
    for (const [field, values] of fields) parts.push(`${field}:${quoted(values.join(","))}`);
    return parts.join(" ");
  }

  /** [{text, remove}], as chips show them. */
  chips() {
    return [...this.chosen].map(([key, {text}]) => ({text, kind: "filter", remove: () => this.toggle(key)}));
  }

  /** [[field, value]], for who wants to choose the same again; a stem by its name. */
  state() { return [...this.chosen.values()].map(({field, value, text}) => [field, field === "stem" ? text : value]); }

  /** Choose what `state` gave, as far as it is there. @returns whether there is any to choose */
  restore(state) {
    this.chosen.clear();
    for (const [field, value] of state) {
      for (const [key, choice] of this.choices) if (choice.field === field && (field === "stem" ? choice.text : choice.value) === value) this.chosen.set(key, choice);
    }
    this.#press();
    return state.length > 0;
  }

  toggle(key, choice = null) {
    if (this.chosen.has(key)) this.chosen.delete(key);
    else if (choice) {
      if (choice.field === "stem") for (const [other, {field}] of this.chosen) if (field === "stem") this.chosen.delete(other);
      this.chosen.set(key, choice);
    }
    this.#press();
    this.onChange();
  }

  clear() { this.chosen.clear(); this.#press(); }

  #press() {
    for (const [key, button] of this.buttons) button.setAttribute("aria-pressed", String(this.chosen.has(key)));
  }

  #stems() {
    const kinds = [["Foley", each => FOLEY.includes(each.category)], ["Backgrounds", each => BACKGROUNDS.includes(each.category)], ["FX", each => !FOLEY.includes(each.category) && !BACKGROUNDS.includes(each.category)]];
    return kinds.map(([name, is]) => {
      const cats = this.cats.filter(is);
      return [name, [...new Set(cats.map(each => each.cat_id))].join(","), sum(cats)];
    }).filter(row => row[2]);
  }

  /** UCS as the library has it; where a file names no category, the likeliest one counts. */
  #tree(open) {
    if (!this.cats.length) return;
    const none = this.cats.every(each => each.guessed);
    const {part, list} = section("Category", open, none ? "Category, as guessed" : "Category");
    const by = new Map();
    for (const each of this.cats) by.set(each.category, [...by.get(each.category) ?? [], each]);
    for (const [category, cats] of [...by].sort(([one], [other]) => one < other ? -1 : 1)) {
      const ids = [...new Set(cats.map(each => each.cat_id))];
      const guessed = !none && cats.every(each => each.guessed);
      const line = this.#item(title(category), "catid", ids.join(","), sum(cats), title(category), guessed);
      if (ids.length > 1) {
        const inner = document.createElement("ul"), more = document.createElement("button");
        inner.hidden = true;
        for (const id of ids) {
          const own = cats.filter(each => each.cat_id === id);
          const name = title(own[0].subcategory ?? id);
          inner.append(this.#item(name, "catid", id, sum(own), `${title(category)}: ${name}`, !none && own.every(each => each.guessed)));
        }
        Object.assign(more, {type: "button", className: "more", textContent: "▸"});
        more.setAttribute("aria-label", `Kinds of ${title(category)}`);
        more.setAttribute("aria-expanded", "false");
        more.addEventListener("click", () => {
          inner.hidden = !inner.hidden;
          more.textContent = inner.hidden ? "▸" : "▾";
          more.setAttribute("aria-expanded", String(!inner.hidden));
        });
        line.prepend(more);
        line.append(inner);
      }
      line.classList.add("branch");
      list.append(line);
    }
    this.box.append(part);
  }

  #group(name, field, rows, open) {
    if (!rows.length) return;
    const {part, list} = section(name, open);
    const plain = ["Stem", "Surface", "Format"].includes(name);
    for (const [index, [text, value, count]] of rows.entries()) {
      const line = this.#item(text, field, value, count, plain ? text : `${name.split(",")[0]}: ${text}`);
      line.hidden = index >= FEW;
      list.append(line);
    }
    if (rows.length > FEW) {
      const all = document.createElement("button");
      Object.assign(all, {type: "button", className: "rest", textContent: `all ${rows.length}`});
      all.addEventListener("click", () => { for (const line of list.children) line.hidden = false; all.remove(); list.children[FEW].querySelector("button").focus(); });
      part.append(all);
    }
    this.box.append(part);
  }

  #item(name, field, value, count, text, guessed = false) {
    const line = document.createElement("li"), button = document.createElement("button");
    const left = document.createElement("span"), right = document.createElement("span"), key = `${field}:${value}`, choice = {field, value, text};
    left.textContent = guessed ? `${name} ?` : name;
    right.textContent = count === undefined ? "" : count.toLocaleString("en");
    Object.assign(button, {type: "button", className: "filter", title: guessed ? `${text}, as guessed from names and sound` : text});
    button.append(left, right);
    button.addEventListener("click", () => this.toggle(key, choice));
    this.buttons.set(key, button);
    this.choices.set(key, choice);
    line.append(button);
    return line;
  }
}

function section(name, open, text = name) {
  const part = document.createElement("details"), summary = document.createElement("summary"), list = document.createElement("ul");
  part.open = open;
  part.dataset.title = name;
  summary.textContent = text;
  part.append(summary, list);
  return {part, list};
}

const sum = all => all.reduce((total, each) => total + each.count, 0);
const title = text => text.charAt(0) + text.slice(1).toLowerCase();
const quoted = value => /[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
