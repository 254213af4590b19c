/** Edits of a session, one after another: each is saved by the server before the next is asked. */

import {get, send} from "./api.js";

export class Edits {
  /** @param onChange told (session, edit) whenever it is another one @param onTrouble told (problem) */
  constructor(onChange, onTrouble) {
    Object.assign(this, {onChange, onTrouble, session: null, waiting: [], busy: false});
  }

  async open(key) {
    this.session = await get(`/api/session/${key}`);
    this.onChange(this.session);
  }

  /** @param edit {op, …} as the server takes it; nudges of one clip that wait are added up */
  ask(edit) {
    const last = this.waiting.at(-1);
    if (edit.op === "nudge" && last?.op === "nudge" && last.clip === edit.clip) {
      last.frames = (last.frames ?? 0) + (edit.frames ?? 0);
      last.samples = (last.samples ?? 0) + (edit.samples ?? 0);
    } else this.waiting.push({...edit});
    return this.#work();
  }

  step(back) { this.waiting.push({step: back ? "undo" : "redo"}); return this.#work(); }

  async #work() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.waiting.length) {
        const {step, ...edit} = this.waiting.shift();
        const path = `/api/session/${this.session.key}/${step ?? "edit"}`;
        this.session = await send("POST", path, {version: this.session.version, ...edit});
        // What is asked already is shown on top, or a clip that is nudged fast would jump back.
        this.onChange(this.session, step ? {op: step} : edit, this.waiting);
      }
    } catch (problem) {
      this.waiting = [];
      // What was shown before it was saved is taken back; what others wrote is shown.
      await this.open(this.session.key).catch(() => {});
      this.onTrouble(problem);
    } finally { this.busy = false; }
  }
}
