import { avatar, botAvatar, fullName } from "./avatar.js";
import { Composer } from "./composer.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { waiting } from "./keyboard.js";
import { showPhoto } from "./lightbox.js";
import { Log } from "./log.js";
import { menu } from "./menu.js";
import { localeOf } from "./moment.js";
import { Alerts, Toasts, copy } from "./notices.js";
import { editPerson } from "./people.js";

const PATIENCE_MS = 30000;
const UNPAID = {
  expired: "The bot did not answer in time. Your card has not been charged.",
  waiting: "The bot has not answered yet.",
};
const ACTIONS = {
  upload_document: "is sending a file…", upload_photo: "is sending a photo…", find_location: "is looking for a place…",
  choose_sticker: "is choosing a sticker…", record_voice: "is recording…", upload_voice: "is sending a voice message…",
};

/** One person's view of the chat: their name, the messages, the input. */
export class Column {
  #quiet = false;
  #olderAsked = false;

  /** `desk`: `{open(id), close(id)}`. */
  constructor(user, store, desk) {
    this.user = user;
    this.store = store;
    this.desk = desk;
    this.toasts = new Toasts();
    this.composer = new Composer(user, this.#composerActions());
    this.#buildHead();
    this.vacant = h("div", { class: "vacant", hidden: true });
    this.body = h("div", { class: "column-body" }, this.vacant, this.toasts.element);
    this.element = h("section", { class: "column", "data-testid": "column", data: { person: user } }, this.head, this.body, this.composer.element);
    this.alerts = new Alerts(this.element);
    this.#newLog();
    this.off = [store.on("chat", (id, what) => this.#changed(id, what)), store.on("people", () => this.#met())];
    this.#met();
    this.load();
  }

  destroy() {
    this.off.forEach((off) => off());
    this.element.remove();
  }

  get person() {
    return this.store.users.get(this.user) ?? { id: this.user, first_name: String(this.user) };
  }

  get chat() {
    return this.store.chat(this.user);
  }

  #buildHead() {
    this.picture = h("span", { class: "column-picture" });
    this.name = h("h2", { class: "column-name", dir: "auto", "data-testid": "person-name" });
    this.status = h("p", { class: "column-status", dir: "auto", "data-testid": "status", "aria-live": "polite" });
    this.options = menu({ glyph: "more", label: "Chat menu", testid: "chat-menu", items: () => this.#menuItems() });
    this.close = h("button", { type: "button", class: "tool column-close", "data-testid": "close-column", "aria-label": "Close this chat", title: "Close this chat", onclick: () => this.desk.close(this.user) }, icon("close"));
    const words = h("div", { class: "column-words" }, this.name, this.status);
    this.head = h("header", { class: "column-head" }, this.picture, words, this.options.button, this.close, this.options.element);
  }

  #menuItems() {
    const bot = this.store.bot.first_name;
    const block = this.chat.blocked
      ? { text: `Unblock ${bot}`, icon: "check", testid: "menu-unblock", run: () => this.#block(false) }
      : { text: `Block ${bot}`, icon: "block", testid: "menu-block", run: () => this.#block(true) };
    return [
      { text: "Name and language…", icon: "edit", testid: "menu-edit", run: () => editPerson(this.store, this.person) },
      block,
      { text: "Close this chat", icon: "close", testid: "menu-close", run: () => this.desk.close(this.user) },
    ];
  }

  #newLog() {
    const log = new Log(this.#context(), {
      onRead: (messageId) => this.store.markRead(this.user, messageId),
      onOlder: () => this.#older(),
    });
    if (this.log) this.log.element.replaceWith(log.element);
    else this.body.prepend(log.element);
    this.log = log;
  }

  /** What bubbles need to know and to do. */
  #context() {
    const { store } = this;
    return {
      locale: localeOf(this.person.language_code),
      get bot() { return store.bot; },
      get users() { return store.users; },
      fileAddress: store.api.fileAddress,
      onCommand: (text) => this.send({ text }),
      onStart: (payload) => this.send({ text: payload ? `/start ${payload}` : "/start" }),
      onPerson: (id) => this.desk.open(id),
      onPhoto: showPhoto,
      onCopy: (text) => this.#copy(text),
      onRefused: (sentence) => this.toasts.show(sentence),
      onReply: (message) => this.composer.replyTo(message),
      onPress: (message, button, element) => this.#press(message, button, element),
      onPay: (message, element) => this.#pay(message, element),
    };
  }

  #composerActions() {
    return {
      person: () => this.person,
      bot: () => this.store.bot,
      send: (message) => this.send(message),
      pressReply: (messageId, button) => this.#tried(() => this.#pressReply(messageId, button)),
      unblock: () => this.#block(false),
    };
  }

  async load() {
    if (this.chat.loaded) return;
    try {
      await this.store.loadChat(this.user);
    } catch (error) {
      this.#sorry(error.message);
    }
  }

  #sorry(sentence) {
    const again = h("button", { type: "button", class: "button", text: "Try again", onclick: () => this.load() });
    delete this.vacant.dataset.for;
    this.vacant.replaceChildren(botAvatar(), h("p", { class: "vacant-text", role: "alert", text: sentence }), again);
  }

  /** People or bots changed: the name, the picture, the language. */
  #met() {
    const { person, store } = this;
    const name = fullName(person);
    setText(this.name, name);
    this.picture.replaceChildren(avatar(person));
    this.element.setAttribute("aria-label", `${name} with ${store.bot.first_name}`);
    if (this.log.context.locale !== localeOf(person.language_code)) this.#newLog();
    this.show();
  }

  #changed(id, what) {
    if (id !== this.user) return;
    if (what === "read") this.log.recount();
    if (what === "read" || this.#quiet) return;
    this.#quiet = true;
    queueMicrotask(() => { this.#quiet = false; this.show(); });
  }

  show() {
    const { chat } = this;
    const empty = chat.loaded && chat.messages.length === 0;
    this.element.toggleAttribute("data-blocked", chat.blocked);
    this.#showStatus(chat);
    this.vacant.hidden = chat.loaded && !empty;
    this.log.element.hidden = !this.vacant.hidden;
    if (empty) this.#welcome();
    this.composer.show(chat);
    if (!this.log.element.hidden) this.log.show(chat);
  }

  #showStatus(chat) {
    const bot = this.store.bot.first_name;
    const busy = !chat.blocked && chat.action;
    this.status.toggleAttribute("data-busy", Boolean(busy));
    const doing = ACTIONS[chat.action] ?? "is typing…";
    setText(this.status, busy ? `${bot} ${doing}` : chat.blocked ? `has blocked ${bot}` : `with ${bot}`);
  }

  #welcome() {
    const { bot } = this.store;
    if (this.vacant.dataset.for === bot.first_name) return;
    this.vacant.dataset.for = bot.first_name;
    const start = h("button", { type: "button", class: "button button-large", text: "Start", "data-testid": "start", onclick: () => this.send({ text: "/start" }) });
    this.vacant.replaceChildren(botAvatar(), h("h3", { text: bot.first_name }), h("p", { class: "vacant-text", text: "No messages yet. Ring the bell to begin." }), start);
  }

  /** Send; true when it was taken. */
  async send(message) {
    this.log.answered();
    return this.#tried(() => this.store.send(this.user, message));
  }

  async #pressReply(messageId, button) {
    this.log.answered();
    await this.store.press(this.user, { message_id: messageId, text: button.text }, 0);
  }

  async #press(message, button, element) {
    const done = waiting(element);
    const press = { message_id: message.message_id, data: button.callback_data };
    const answer = await this.#tried(() => this.store.press(this.user, press, PATIENCE_MS), undefined);
    done();
    if (answer === null) this.toasts.show(`${this.store.bot.first_name} has not answered this tap.`);
    else if (answer?.text) this.#answer(answer);
  }

  /** The sandbox's card pays at once; the bot is asked first, as at Telegram. */
  async #pay(message, element) {
    const done = waiting(element);
    const payment = await this.#tried(() => this.store.pay(this.user, message.message_id), null);
    done();
    if (payment && payment.state !== "paid") this.alerts.show(this.store.bot.first_name, UNPAID[payment.state] ?? payment.error);
  }

  #answer({ text, show_alert: alert }) {
    if (alert) this.alerts.show(this.store.bot.first_name, text);
    else this.toasts.show(text);
  }

  async #block(blocked) {
    if (await this.#tried(() => this.store.setBlocked(this.user, blocked)) && !blocked) this.composer.input.focus();
  }

  async #older() {
    if (this.#olderAsked) return;
    this.#olderAsked = true;
    await this.#tried(() => this.store.loadOlder(this.user));
    this.#olderAsked = false;
  }

  async #copy(text) {
    this.toasts.show((await copy(text)) ? "Copied." : "The browser does not allow copying.");
  }

  /** Do it; what goes wrong is said in the column. Gives the result (true for none), or `otherwise`. */
  async #tried(action, otherwise = false) {
    try {
      const result = await action();
      return result === undefined ? true : result;
    } catch (error) {
      this.toasts.show(error.message);
      return otherwise;
    }
  }
}
