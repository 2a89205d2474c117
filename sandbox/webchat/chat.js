/** One person's chat with the bot, as data. */

export class Chat {
  blocked = false;
  loaded = false;
  hasOlder = false;
  /** What the bot is doing ("typing"), or null. */
  action = null;
  #actedMeanwhile = false;
  /** Oldest first. */
  messages = [];
  /** Ids changed by events while a snapshot is on its way; the events are newer than the snapshot. */
  #touched = null;

  constructor(user) {
    this.user = user;
  }

  get unread() {
    return this.messages.filter((message) => !message.outgoing && !message.read).length;
  }

  get newest() {
    return this.messages.at(-1)?.message_id ?? 0;
  }

  find(messageId) {
    return this.messages.find((message) => message.message_id === messageId);
  }

  /** Add or replace; an older version of a message never replaces a newer one. */
  put(message) {
    this.#touched?.add(message.message_id);
    const index = this.messages.findIndex((other) => other.message_id >= message.message_id);
    if (index < 0) this.messages.push(message);
    else if (this.messages[index].message_id !== message.message_id) this.messages.splice(index, 0, message);
    else if ((message.edits ?? 0) >= (this.messages[index].edits ?? 0)) {
      this.messages[index] = { ...message, read: message.read || this.messages[index].read };
    }
  }

  remove(messageId) {
    this.#touched?.add(messageId);
    this.messages = this.messages.filter((message) => message.message_id !== messageId);
  }

  markRead(upTo) {
    for (const message of this.messages) if (message.message_id <= upTo) message.read = true;
  }

  /** The bot does something (an action's name), or has stopped (null). */
  act(action) {
    this.action = action;
    this.#actedMeanwhile = true;
  }

  /** Call before asking for a snapshot, so that take() knows what happened meanwhile. */
  expect() {
    this.#touched = new Set();
    this.#actedMeanwhile = false;
  }

  /** Take a snapshot of the newest messages. */
  take(snapshot, limit) {
    const fresh = snapshot.messages.filter((message) => !message.deleted);
    const touched = this.#touched ?? new Set();
    const full = snapshot.messages.length >= limit;
    const oldest = snapshot.messages[0]?.message_id ?? Infinity;
    const mine = this.messages.filter((m) => touched.has(m.message_id) || (full && m.message_id < oldest));
    const held = new Set(mine.map((message) => message.message_id));
    const theirs = fresh.filter((m) => !held.has(m.message_id) && !touched.has(m.message_id));
    this.messages = [...mine, ...theirs].sort((a, b) => a.message_id - b.message_id);
    this.hasOlder = mine.some((m) => m.message_id < oldest) ? this.hasOlder : full;
    this.blocked = snapshot.blocked === true;
    if (!this.#actedMeanwhile) this.action = snapshot.typing;
    this.loaded = true;
    this.#touched = null;
  }

  /** Take a page of messages from before the oldest one here. */
  takeOlder(snapshot, limit) {
    for (const message of snapshot.messages) if (!message.deleted) this.put(message);
    this.hasOlder = snapshot.messages.length >= limit;
  }

  /** The keyboard below the input: `{message_id, markup}`, or null. */
  get replyKeyboard() {
    for (let index = this.messages.length - 1; index >= 0; index -= 1) {
      const { message_id, reply_markup: markup, outgoing } = this.messages[index];
      if (outgoing || !markup) continue;
      if (markup.keyboard) return { message_id, markup };
      if (markup.inline_keyboard) continue;
      return null;
    }
    return null;
  }

  /** The newest message of the bot that asks for a reply, until the person has written something; or null. */
  get question() {
    for (let index = this.messages.length - 1; index >= 0; index -= 1) {
      const message = this.messages[index];
      if (message.outgoing) return null;
      if (message.reply_markup?.force_reply) return message;
    }
    return null;
  }
}
