/** The keys of the session view: what they are, what they do, and when they are left alone. */

/** [keys as told, what they do] */
export const SESSION_KEYS = [
  ["↑ ↓", "the cue before, the next cue"], ["← →", "the clip before, the next clip on this track"],
  ["space", "play from the playhead, stop"], ["Enter", "hear the cue in place, with its neighbours"], ["o", "hear the clip alone"],
  [", .", "nudge by a frame"], ["< >", "nudge by ten frames"], ["Alt , .", "nudge by a hundredth of a frame"],
  ["h H", "cut a frame off the head, open it by one"], ["t T", "cut a frame off the tail, open it by one"], ["q w", "head, tail to the playhead"],
  ["k", "lock, unlock the clip"], ["K", "lock, unlock the whole cue"], ["[ ]", "gain down, up by 0.5 dB"], ["Delete", "remove the clip"],
  ["1 … 9", "try that sound in place"], ["n b", "try the next sound, the one before"], ["u", "use the sound tried in the cue"], ["a", "add it at the playhead"],
  ["/", "search the library for this cue"], ["+ −", "zoom in, out"], ["0", "all of the session"], ["f", "zoom to the clip"],
  ["Shift ← →", "playhead by a frame"], ["Home", "playhead to the start"],
  ["Ctrl Z", "undo"], ["Ctrl Shift Z", "do it again"], ["r", "render, stems and reports"], ["s", "session, library"], ["?", "these keys"],
];

const PLAIN = {
  ArrowUp: acts => acts.cue(-1), ArrowDown: acts => acts.cue(1), ArrowLeft: acts => acts.clip(-1), ArrowRight: acts => acts.clip(1),
  " ": acts => acts.play(), Enter: acts => acts.hear(), o: acts => acts.alone(),
  ",": acts => acts.nudge(-1), ".": acts => acts.nudge(1), "<": acts => acts.nudge(-10), ">": acts => acts.nudge(10), ";": acts => acts.nudge(-10), ":": acts => acts.nudge(10),
  h: acts => acts.trim("head", 1), H: acts => acts.trim("head", -1), t: acts => acts.trim("tail", 1), T: acts => acts.trim("tail", -1),
  q: acts => acts.trimToPlayhead("head"), w: acts => acts.trimToPlayhead("tail"),
  k: acts => acts.lock(), K: acts => acts.lockCue(), "[": acts => acts.gain(-.5), "]": acts => acts.gain(.5), Delete: acts => acts.remove(), Backspace: acts => acts.remove(),
  n: acts => acts.nextCandidate(1), b: acts => acts.nextCandidate(-1), u: acts => acts.use(), a: acts => acts.add(), "/": acts => acts.search(),
  "+": acts => acts.zoom(.5), "=": acts => acts.zoom(.5), "-": acts => acts.zoom(2), 0: acts => acts.whole(), f: acts => acts.fit(),
  Home: acts => acts.top(), r: acts => acts.render(), s: acts => acts.library(), "?": acts => acts.help(),
};

function meaning(event) {
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "z") return event.shiftKey ? acts => acts.redo() : acts => acts.undo();
    return event.key.toLowerCase() === "y" ? acts => acts.redo() : null;
  }
  // With Alt some keyboards type another sign; the place of the key is meant.
  if (event.altKey) return {Comma: acts => acts.sub(-1), Period: acts => acts.sub(1)}[event.code] ?? null;
  if (event.shiftKey && event.key === "ArrowLeft") return acts => acts.frame(-1);
  if (event.shiftKey && event.key === "ArrowRight") return acts => acts.frame(1);
  if (/^[1-9]$/.test(event.key)) return acts => acts.candidate(Number(event.key) - 1);
  return PLAIN[event.key] ?? null;
}

/** @param isOpen whether the view is shown: its keys are its own */
export function bindKeys(acts, isOpen) {
  addEventListener("keydown", event => {
    const at = event.target;
    if (event.defaultPrevented || !isOpen() || document.querySelector("dialog[open]")) return;
    if (at.matches("#choose input")) {
      if (["Escape", "Enter", "ArrowDown"].includes(event.key)) {
        event.preventDefault();
        document.querySelector("#choose [role=listbox]").focus();
        if (event.key !== "Escape") acts.candidate(0);
      }
      return;
    }
    if (at.matches("input, textarea, select, audio, video")) return;
    if (at.matches("button, a") && [" ", "Enter"].includes(event.key)) return;
    const work = meaning(event);
    if (!work) return;
    event.preventDefault();
    if (at.matches("#choose [role=listbox]")) {
      if (event.key === "ArrowDown") return acts.nextCandidate(1);
      if (event.key === "ArrowUp") return acts.nextCandidate(-1);
      if (event.key === "Enter") return acts.use();
    }
    work(acts);
  });
}
