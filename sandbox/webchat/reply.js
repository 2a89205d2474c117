import { h } from "./dom.js";
import { icon } from "./icons.js";
import { summary } from "./media.js";

/** The line above the input that says which message is replied to: one that was chosen, or the bot's question. */
export class ReplyBar {
  #chosen = null;
  #asked = null;
  /** The question that was answered, or whose reply was called off. */
  #settled = null;
  #message = null;

  constructor(onCancel) {
    this.words = h("span", { class: "reply-words", dir: "auto" });
    const cancel = h("button", { type: "button", class: "tool", "aria-label": "Do not reply", title: "Do not reply", "data-testid": "reply-cancel", onclick: () => { this.settle(); onCancel(); } }, icon("close"));
    this.element = h("div", { class: "reply-bar", "data-testid": "reply-bar", hidden: true }, icon("reply"), this.words, cancel);
  }

  /** The message replied to, or null. */
  get message() {
    return this.#message;
  }

  /** What the input says while it is empty, or undefined. */
  get placeholder() {
    return this.#message ? this.#message.reply_markup?.input_field_placeholder ?? "Reply" : undefined;
  }

  choose(message) {
    this.#chosen = message;
    this.#tell();
  }

  /** Follow the chat; true when the bot has just asked a question. */
  show(chat) {
    const question = chat.question?.message_id === this.#settled ? null : chat.question;
    const isNew = question !== null && question.message_id !== this.#asked?.message_id;
    this.#asked = question;
    this.#chosen = isNew || !this.#chosen ? null : chat.find(this.#chosen.message_id) ?? null;
    this.#tell();
    return isNew;
  }

  /** The reply was sent, or called off. */
  settle() {
    this.#settled = this.#asked?.message_id ?? this.#settled;
    this.#asked = null;
    this.#chosen = null;
    this.#tell();
  }

  #tell() {
    this.#message = this.#chosen ?? this.#asked;
    this.element.hidden = this.#message === null;
    this.words.textContent = this.#message ? summary(this.#message).slice(0, 160) : "";
  }
}
