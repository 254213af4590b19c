/** What the parts of the page tell each other, by name.
 *
 *  "choose"        {asset_id, take, name}      Enter on a sound: for the cue that is selected
 *  "more-like"     {ref, label, less?}         search by likeness; ref as GET /api/search has it
 *  "cue-selected"  {number, query}             a cue of the session is at hand (null: none)
 *  "view"          {name}                      "library" or "session" is shown
 *  "say"           {text, kind?}               one line for the user; kind "error" stays longer
 */

const listeners = new Map();

/** Listen; the answer stops listening. */
export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}

/** Tell; answers whether anyone listened. */
export function emit(name, detail = {}) {
  const here = [...(listeners.get(name) ?? [])];
  for (const listener of here) listener(detail);
  return here.length > 0;
}

/** One line for the user, seen and read out. */
export function say(text, kind = "note") {
  emit("say", { text, kind });
}
