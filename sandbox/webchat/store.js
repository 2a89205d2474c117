import { Chat } from "./chat.js";

const PAGE = 100;
const TYPING_MS = 5500;
/** Longer than the bot has to answer. */
const PAYMENT_SECONDS = 15;
const KEPT_ANSWERS = 64;

/**
 * What the page knows: bots, people, chats. Views listen:
 * `people` (users or bots changed) and `chat` with the user's id (and what happened).
 */
export class Store {
  bots = [];
  users = new Map();
  chats = new Map();
  #listeners = { people: new Set(), chat: new Set() };
  #answers = new Map();
  #waiting = new Map();
  #typing = new Map();

  constructor(api) {
    this.api = api;
  }

  on(kind, listener) {
    this.#listeners[kind].add(listener);
    return () => this.#listeners[kind].delete(listener);
  }

  #tell(kind, ...details) {
    for (const listener of this.#listeners[kind]) listener(...details);
  }

  get bot() {
    return this.bots.find((bot) => bot.id === this.api.bot) ?? this.bots[0] ?? { first_name: "Bellhop", commands: {} };
  }

  chat(user) {
    if (!this.chats.has(user)) this.chats.set(user, new Chat(user));
    return this.chats.get(user);
  }

  /** All that is unread, for everybody or for all but some. */
  unread(except = new Set()) {
    let count = 0;
    for (const [user, chat] of this.chats) if (!except.has(user)) count += chat.unread;
    return count;
  }

  async loadPeople() {
    const [bots, users] = await Promise.all([this.api.bots(), this.api.users()]);
    this.bots = bots;
    if (bots.length > 1 && !bots.some((bot) => bot.id === this.api.bot)) this.api.bot = bots[0].id;
    this.users = new Map(users.filter((user) => !user.is_bot).map((user) => [user.id, user]));
    this.#tell("people");
  }

  async loadBots() {
    this.bots = await this.api.bots();
    this.#tell("people");
  }

  async loadChat(user) {
    const chat = this.chat(user);
    chat.expect();
    chat.take(await this.api.chat(user, { limit: PAGE }), PAGE);
    if (chat.action) this.#stillSoon(user);
    this.#tell("chat", user, "reload");
  }

  async loadOlder(user) {
    const chat = this.chat(user);
    const before = chat.messages[0]?.message_id;
    if (!chat.hasOlder || before === undefined) return;
    chat.takeOlder(await this.api.chat(user, { limit: PAGE, before }), PAGE);
    this.#tell("chat", user, "older");
  }

  async saveUser(id, fields) {
    const user = await this.api.saveUser(id, fields);
    this.users.set(user.id, user);
    this.#tell("people");
    return user;
  }

  async send(user, message) {
    const { message: sent } = await this.api.send(user, message);
    if (!this.chat(user).find(sent.message_id)) this.#put(user, { ...sent, outgoing: true }, "message");
  }

  /** Press a button below a message; resolves with the bot's answer, or null when none came in time. */
  async press(user, press, patience) {
    const { callback_query_id: id } = await this.api.press(user, press);
    return id === undefined ? null : this.#answer(id, patience);
  }

  /** Pay an invoice; gives how that ended. */
  async pay(user, messageId) {
    const { pre_checkout_query_id: id } = await this.api.pay(user, messageId);
    return this.api.payment(id, PAYMENT_SECONDS);
  }

  #answer(id, patience) {
    const early = this.#answers.get(id);
    if (early) return Promise.resolve(early);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, null), patience);
      this.#waiting.set(id, { resolve, timer });
    });
  }

  #settle(id, answer) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    waiting.resolve(answer);
  }

  async setBlocked(user, blocked) {
    const answer = await (blocked ? this.api.block(user) : this.api.unblock(user));
    this.chat(user).blocked = answer.blocked;
    this.#tell("chat", user, "blocked");
  }

  markRead(user, messageId) {
    this.chat(user).markRead(messageId);
    this.#tell("chat", user, "read");
    this.api.read(user, messageId).catch(() => {}); // shown as read here; the next reading says it again
  }

  /** The number of the newest event there is. */
  async position() {
    const [user] = this.users.keys();
    return user === undefined ? 0 : (await this.api.chat(user, { limit: 1 })).last;
  }

  /** After a gap in the events: read everything shown anew, and ask after the answers still awaited. */
  async refresh() {
    const known = [...this.chats.values()].filter((chat) => chat.loaded).map((chat) => chat.user);
    await Promise.all(known.map((user) => this.loadChat(user)));
    for (const id of this.#waiting.keys()) {
      const answer = await this.api.callback(id).catch(() => null);
      if (answer?.answered) this.#settle(id, answer);
    }
  }

  /** Apply one event of the stream. */
  apply(event) {
    const user = event.user_id;
    const handlers = {
      message: () => this.#put(user, event.message, "message"),
      edit: () => this.#put(user, event.message, "edit"),
      delete: () => this.#change(user, "delete", (chat) => chat.remove(event.message_id)),
      read: () => this.#change(user, "read", (chat) => chat.markRead(event.message_id)),
      blocked: () => this.#change(user, "blocked", (chat) => { chat.blocked = true; }),
      unblocked: () => this.#change(user, "blocked", (chat) => { chat.blocked = false; }),
      typing: () => this.#typingNow(user, event),
      callback_answer: () => this.#answered(event),
      user: () => this.#met(event.user),
      commands: () => this.loadBots().catch(() => {}), // the next refresh brings them
    };
    handlers[event.type]?.();
  }

  #change(user, what, change) {
    change(this.chat(user));
    this.#tell("chat", user, what);
  }

  #put(user, message, what) {
    const chat = this.chat(user);
    if (message.deleted) return;
    chat.put(message);
    if (!message.outgoing) this.#still(user);
    this.#tell("chat", user, what, message.message_id);
  }

  #typingNow(user, event) {
    if (Date.now() / 1000 - event.at > TYPING_MS / 1000) return;
    this.#stillSoon(user);
    this.#change(user, "typing", (chat) => chat.act(event.action ?? "typing"));
  }

  #stillSoon(user) {
    clearTimeout(this.#typing.get(user));
    this.#typing.set(user, setTimeout(() => { this.#still(user); this.#tell("chat", user, "typing"); }, TYPING_MS));
  }

  #still(user) {
    clearTimeout(this.#typing.get(user));
    this.chat(user).act(null);
  }

  #answered(event) {
    this.#answers.set(event.callback_query_id, event);
    if (this.#answers.size > KEPT_ANSWERS) this.#answers.delete(this.#answers.keys().next().value);
    this.#settle(event.callback_query_id, event);
  }

  #met(user) {
    if (user.is_bot) return;
    this.users.set(user.id, user);
    this.#tell("people");
  }
}
