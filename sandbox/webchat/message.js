import { h } from "./dom.js";
import { rich } from "./entities.js";
import { icon } from "./icons.js";
import { inlineKeyboard } from "./keyboard.js";
import { media, summary } from "./media.js";
import { clock, fullDate } from "./moment.js";

/** One message in the log: made once, filled anew with every edit. */
export class Bubble {
  #shown = null;

  constructor(message, context) {
    this.context = context;
    this.element = h("article", { class: "message", "data-testid": "message", data: { messageId: message.message_id } });
    this.element.addEventListener("animationend", () => this.element.removeAttribute("data-fresh"));
    this.show(message);
  }

  /** Show this version of the message; true when it differs from what was shown. */
  show(message) {
    if (message === this.#shown) return false;
    const focus = this.#focusedKey();
    const edited = this.#shown !== null && (message.edits ?? 0) > (this.#shown.edits ?? 0);
    this.#shown = message;
    this.element.dataset.side = message.outgoing ? "mine" : "theirs";
    this.element.replaceChildren(this.#body(message), ...this.#keys(message));
    this.#restoreFocus(focus);
    if (edited) this.#glow();
    return true;
  }

  #body(message) {
    const { locale } = this.context;
    const text = message.text ?? message.caption;
    const entities = message.entities ?? message.caption_entities;
    const attachment = media(message, this.context);
    const words = text ? h("div", { class: "text", dir: "auto", "data-testid": "text" }, rich(text, entities, this.context)) : null;
    const quote = message.reply_to_message && this.#quote(message.reply_to_message);
    const unknown = words || attachment ? null : h("div", { class: "text text-unknown", text: "This kind of message cannot be shown here." });
    const props = { class: "bubble", "aria-label": message.outgoing ? "You" : this.context.bot.first_name, role: "group" };
    const bubble = h("div", props, quote, attachment, words, unknown, this.#foot(message, locale));
    if (attachment?.matches(".photo")) bubble.dataset.media = words ? "captioned" : "bare";
    if (attachment?.matches(".place")) bubble.dataset.media = "place";
    if (attachment && message.show_caption_above_media) bubble.dataset.caption = "above";
    return bubble;
  }

  #quote(original) {
    return h("div", { class: "reply-to", "data-testid": "reply-to" }, h("span", { dir: "auto", text: summary(original).slice(0, 160) }));
  }

  #foot(message, locale) {
    const edited = message.edit_date || (message.edits ?? 0) > 0;
    const time = { datetime: new Date(message.date * 1000).toISOString(), title: fullDate(message.date, locale) };
    return h(
      "div", { class: "foot" },
      h("button", { type: "button", class: "reply", "aria-label": "Reply", title: "Reply", "data-testid": "reply", onclick: () => this.context.onReply(message) }, icon("reply")),
      edited ? h("span", { class: "edited", "data-testid": "edited", text: "edited" }) : null,
      h("time", { ...time, text: clock(message.date, locale) }),
      message.outgoing ? icon("check") : null,
    );
  }

  #keys(message) {
    const rows = (message.reply_markup?.inline_keyboard ?? []).filter((row) => row.length > 0);
    if (rows.length === 0) return [];
    const onPress = (button, element) => this.context.onPress(message, button, element);
    const onPay = (element) => this.context.onPay(message, element);
    return [inlineKeyboard(message.paid ? withReceipt(rows) : rows, { ...this.context, onPress, onPay })];
  }

  #focusedKey() {
    const keys = [...this.element.querySelectorAll(".key")];
    const index = keys.indexOf(document.activeElement);
    return index < 0 ? null : { index, text: keys[index].textContent };
  }

  /** A keyboard user who pressed a button stays among the buttons: the same one, or its successor. */
  #restoreFocus(focus) {
    if (!focus) return;
    const keys = [...this.element.querySelectorAll(".key")];
    const same = keys.find((key) => key.textContent === focus.text && !key.disabled);
    const near = keys.slice(focus.index).find((key) => !key.disabled) ?? keys.find((key) => !key.disabled);
    (same ?? near)?.focus({ preventScroll: true });
  }

  #glow() {
    this.element.removeAttribute("data-fresh");
    requestAnimationFrame(() => this.element.setAttribute("data-fresh", "edit"));
  }
}

/** What is paid is not paid again: its button shows the receipt, which says nothing more here. */
function withReceipt(rows) {
  return rows.map((row) => row.map((button) => (button.pay ? { text: "Receipt", disabled: {} } : button)));
}
