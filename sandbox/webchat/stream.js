/**
 * All users' events, live. The browser itself reconnects with Last-Event-ID; where it gives up
 * (an error status), this opens a new stream after the last event seen.
 */
const PAUSE_MS = 1500;

export class Stream {
  #source = null;
  #timer = null;
  #last;
  #up = false;

  /** `onUp(again)` is told whether this is a reconnection, after which everything should be read anew. */
  constructor({ after, onEvent, onUp, onDown }) {
    this.#last = after ?? null;
    this.handlers = { onEvent, onUp, onDown };
    this.again = false;
    this.#open();
  }

  /** Told the newest event's number after a gap: a sandbox that began anew counts from the start again. */
  follow(newest) {
    if (this.#last !== null && this.#last <= newest) return;
    this.#last = newest;
    this.again = false;
    this.#source.close();
    this.#open();
  }

  #open() {
    const query = this.#last === null ? "" : `?after=${this.#last}`;
    this.#source = new EventSource(`/client/events${query}`);
    this.#source.onopen = () => this.#opened();
    this.#source.onmessage = (event) => this.#received(event);
    this.#source.onerror = () => this.#failed();
  }

  #opened() {
    this.#up = true;
    this.handlers.onUp(this.again);
    this.again = true;
  }

  #received(event) {
    if (event.lastEventId) this.#last = Number(event.lastEventId);
    this.handlers.onEvent(JSON.parse(event.data));
  }

  #failed() {
    if (this.#up || !this.again) this.handlers.onDown();
    this.#up = false;
    this.again = true;
    if (this.#source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), PAUSE_MS);
  }
}
