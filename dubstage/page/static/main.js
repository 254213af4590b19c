/** The shell: two views, one line for messages, and what each view is mounted on. */

import { get } from "./api.js";
import { emit, on } from "./bus.js";
import { byId, h } from "./dom.js";

const views = ["library", "session"];

function show(name) {
  for (const view of views) {
    byId(view).hidden = view !== name;
    byId(`view-${view}`).setAttribute("aria-pressed", String(view === name));
  }
  document.body.dataset.view = name;
  emit("view", { name });
}

for (const view of views) byId(`view-${view}`).addEventListener("click", () => show(view));

let saysTimer = 0;
on("say", ({ text, kind }) => {
  const line = h("p", { class: `says ${kind ?? "note"}` }, text);
  byId("says").replaceChildren(line);
  clearTimeout(saysTimer);
  saysTimer = setTimeout(() => line.remove(), kind === "error" ? 9000 : 4000);
});

/** A view is mounted if it can be; the other works without it. */
async function mount(name, file, about) {
  try {
    const module = await import(file);
    const place = byId(name);
    await module[`mount${name[0].toUpperCase()}${name.slice(1)}`](place, about);
  } catch (problem) {
    byId(name).append(h("p", { class: "problem" }, `This view could not be opened: ${problem.message}`));
    console.error(problem);
  }
}

const about = await get("about").catch(() => ({ sessions: [] }));
await Promise.all([mount("library", "./library.js", about), mount("session", "./session.js", about)]);
show(location.hash.startsWith("#session") ? "session" : "library");
on("show", ({ name }) => show(name));
document.body.dataset.ready = "yes";
