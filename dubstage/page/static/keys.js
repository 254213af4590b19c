/** The keys of the library view, and the help that lists them. */

/** @param p the page's parts and acts, as main.js has them */
export function bindKeys(p) {
  const onHit = act => () => { const hit = p.hit(); if (hit) act(hit); };
  const keys = [
    ["/", "go to the search", () => { p.words.focus(); p.words.select(); }],
    ["ArrowDown", "next sound, the one before; played", () => p.step(1)], ["ArrowUp", "", () => p.step(-1)],
    ["ArrowRight", "next take, the one before; played", () => p.stepTake(1)], ["ArrowLeft", "", () => p.stepTake(-1)],
    ["PageDown", "ten on, ten back", () => p.step(10)], ["PageUp", "", () => p.step(-10)],
    ["Home", "first, last", () => p.first()], ["End", "", () => p.last()],
    [" ", "play, stop", () => p.playing() ? p.stop() : p.playHit(p.hit())],
    ["Enter", "use this sound for the chosen clip, or at the playhead", () => p.use(p.hit())],
    ["l", "more like this: the region, else the take", onHit(hit => p.acts.like(hit))],
    ["L", "more like this, among what the words find", onHit(hit => p.acts.like(hit, true))],
    ["u", "less like this", onHit(hit => p.acts.unlike(hit))],
    ["[", "the region begins here, ends here", () => p.edge(false)], ["]", "", () => p.edge(true)],
    ["m", "mark: keep it, or no longer", onHit(hit => p.mark(hit))],
    ...[1, 2, 3, 4, 5].map(n => [String(n), n === 1 ? "rate it" : "", onHit(hit => p.acts.rate(hit, n))]),
    ["0", "take the stars back", onHit(hit => p.acts.rate(hit, 0))],
    ["p", "map, list", () => p.showMap(!p.mapped())], ["s", "session, library", () => p.toSession()],
    ["Escape", "one step back: region, likeness, filters, words", () => p.back()],
    ["?", "these keys", () => p.help.showModal()],
  ];

  addEventListener("keydown", event => {
    const {target, key} = event;
    if (event.ctrlKey || event.metaKey || event.altKey || p.isOpen() || target.closest("dialog") || document.querySelector("dialog[open]")) return;
    const typing = target.matches("input:not([type=range], [type=file]), textarea, select");
    if (typing && target !== p.words && key !== "Escape") return;
    if (target === p.words && !(key === "/" && !p.words.value) && !["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Escape", "Enter"].includes(key)) return;
    if (target.matches("button, summary, a, input[type=range], input[type=file]") && [" ", "Enter", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"].includes(key)) return;
    if (key === "/" && target === p.words && !p.words.value) { event.preventDefault(); return; } // of habit
    if (key === "Enter" && target === p.words) { p.toResults(); event.preventDefault(); return; }
    const found = keys.find(each => each[0] === key);
    if (found) { event.preventDefault(); found[2](); }
  });
  list(p.help, [["Library", joined(keys)], ["Session", p.sessionKeys]]);
  document.getElementById("show-help").addEventListener("click", () => p.help.showModal());
}

/** Keys without words of their own stand beside the one before. */
function joined(keys) {
  const rows = [];
  for (const [key, text] of keys) {
    const shown = SHOWN[key] ?? key;
    if (text) rows.push([shown, text]); else rows.at(-1)[0] += ` ${shown}`;
  }
  return rows;
}

const SHOWN = {" ": "space", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", PageDown: "Page ↓", PageUp: "Page ↑", Escape: "Esc"};

function list(help, groups) {
  const parts = groups.filter(([, keys]) => keys.length).map(([name, keys]) => {
    const part = document.createElement("section"), title = document.createElement("h2"), all = document.createElement("dl");
    title.textContent = name;
    for (const [key, text] of keys) {
      const term = document.createElement("dt"), told = document.createElement("dd");
      for (const each of key.split(" ")) term.append(Object.assign(document.createElement("kbd"), {textContent: each}), " ");
      told.textContent = text;
      all.append(term, told);
    }
    part.append(title, all);
    return part;
  });
  const close = document.createElement("form"), press = document.createElement("button"), title = document.createElement("h1"), columns = document.createElement("div");
  title.textContent = "Keys";
  columns.className = "columns";
  columns.append(...parts);
  close.method = "dialog";
  press.textContent = "Close";
  close.append(press);
  help.replaceChildren(close, title, columns);
}
