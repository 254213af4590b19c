/** Renders: started, watched, stopped; then the stems to hear and the reports to read. */

import {get, send} from "./api.js";
import {playAddress} from "./player.js";

export function renderPanel(session, tell) {
  const box = document.createElement("details"), summary = document.createElement("summary"), inner = document.createElement("div");
  box.className = "render";
  summary.textContent = "Render";
  box.append(summary, inner);
  box.addEventListener("toggle", () => { if (box.open) list(inner, session(), tell).catch(problem => tell(problem.message, true)); });
  return box;
}

async function list(box, session, tell) {
  const {deliveries, renders} = await get(`/api/session/${session.key}/stems`);
  box.replaceChildren();
  const pick = document.createElement("select"), start = button("Start", async () => {
    const {job} = await send("POST", `/api/session/${session.key}/render`, {delivery: pick.value}).catch(problem => { tell(problem.message, true); return {}; });
    if (job) watch(box, job, session, tell);
  });
  pick.setAttribute("aria-label", "Delivery");
  for (const name of deliveries) pick.add(new Option(name));
  box.append(pick, start);
  for (const made of renders) {
    const part = document.createElement("div"), base = `/api/session/${session.key}/files/${made.delivery}`;
    const title = document.createElement("b");
    title.textContent = `${made.delivery}${made.older_than_session ? " (older than the session)" : ""} `;
    part.append(title);
    if (made.report) part.append(link("report", `${base}/report.html`), " ");
    if (made.qc) part.append(link("QC", `${base}/qc.html`), " ");
    for (const stem of made.stems) {
      const name = stem.name ?? stem, file = stem.files?.[0];
      if (file) part.append(button(`▶ ${name}`, () => playAddress(`${base}/${encodeURIComponent(file.name ?? file)}`, name)));
    }
    box.append(part);
  }
}

function watch(box, job, session, tell) {
  const bars = new Map(), stop = button("Stop", () => send("POST", `/api/jobs/${job}/cancel`, {}));
  box.replaceChildren(stop);
  const source = new EventSource(`/api/jobs/${job}/events`);
  source.addEventListener("progress", event => {
    const said = JSON.parse(event.data);
    if (!said.stem) return;
    if (!bars.has(said.stem)) {
      const label = document.createElement("label"), bar = document.createElement("progress");
      label.append(`${said.stem} `, bar);
      box.append(label);
      bars.set(said.stem, bar);
    }
    const bar = bars.get(said.stem);
    bar.max = said.total_samples ?? said.total ?? 1;
    bar.value = said.done_samples ?? said.done ?? 0;
  });
  const end = text => { source.close(); tell(text); list(box, session, tell).catch(() => {}); };
  source.addEventListener("done", () => end("rendered"));
  source.addEventListener("stopped", () => end("stopped; nothing half-written is left"));
  source.addEventListener("failed", event => { end(""); tell(JSON.parse(event.data).error, true); });
}

function link(text, href) {
  const made = document.createElement("a");
  Object.assign(made, {textContent: text, href, target: "_blank", rel: "noopener"});
  return made;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
