/** Edits of a session, one after another: each is saved by the server before the next is asked. */

import {get, send} from "./api.js";

/** Of edits of one clip that wait, those that may be asked at once: [what adds up, what the last one says]. */
const TOGETHER = {nudge: [["frames", "samples"], []], trim: [["head", "tail"], []], gain: [[], ["db"]]};

const REFUSED = 400; // it asked for what cannot be; the session stays as it was

const isNothing = edit => {
  const [sums = []] = TOGETHER[edit.op] ?? [];
  return sums.length > 0 && !sums.some(name => edit[name]);
};

export class Edits {
  /** @param onChange told (session, edit, waiting) whenever it is another one @param onTrouble told (problem) */
  constructor(onChange, onTrouble) {
    Object.assign(this, {onChange, onTrouble, session: null, waiting: [], busy: false});
  }

  /** Show a session, once all that was asked of the one before is saved. */
  open(key) {
    return new Promise((done, failed) => { this.waiting.push({open: key, done, failed}); this.#work(); });
  }

  /** @param edit {op, …} as the server takes it */
  ask(edit) {
    const last = this.waiting.at(-1), [sums, lasts] = TOGETHER[edit.op] ?? [];
    if (sums && last?.op === edit.op && last.clip === edit.clip) {
      for (const name of sums) last[name] = (last[name] ?? 0) + (edit[name] ?? 0);
      for (const name of lasts) last[name] = edit[name];
      if (isNothing(last)) this.waiting.pop(); // there and back while it waited
    } else if (!isNothing(edit)) this.waiting.push({...edit});
    return this.#work();
  }

  step(back) { this.waiting.push({step: back ? "undo" : "redo"}); return this.#work(); }

  async #work() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.waiting.length) await this.#do(this.waiting.shift());
    } finally { this.busy = false; }
  }

  async #do(next) {
    if (next.open) {
      try { this.#show(await get(`/api/session/${next.open}`)); next.done(); } catch (problem) { next.failed(problem); }
      return;
    }
    const {step, ...edit} = next;
    try {
      const path = `/api/session/${this.session.key}/${step ?? "edit"}`;
      this.#show(await send("POST", path, {version: this.session.version, ...edit}), step ? {op: step} : edit);
    } catch (problem) {
      // What was asked after it was meant for what is not there, unless this one clip is as it was.
      if (problem.status !== REFUSED || !TOGETHER[edit.op]) this.waiting = this.waiting.filter(each => each.open);
      // What was shown before it was saved is taken back; what others wrote is shown.
      await get(`/api/session/${this.session.key}`).then(now => this.#show(now)).catch(() => {});
      this.onTrouble(problem);
    }
  }

  #show(now, edit) {
    this.session = now;
    // What is asked already is shown on top, or a clip that is nudged fast would jump back.
    this.onChange(now, edit, this.waiting);
  }
}
