import { arrange, h, reducedMotion } from "./dom.js";
import { icon } from "./icons.js";
import { Bubble } from "./message.js";
import { dayKey, dayName } from "./moment.js";

const NEAR_END = 48;
const NEAR_START = 240;

/**
 * The messages of one chat, scrolled. It stays at the end while the reader is there, and otherwise
 * keeps what they read where it is, whatever is added, edited or removed around it.
 * `handlers`: `{onRead(messageId), onOlder(), onUnread()}`.
 */
export class Log {
  #bubbles = new Map();
  #marks = new Map();
  #pinned = true;
  #firstUnread = null;
  #ended = -1;

  constructor(context, handlers) {
    this.context = context;
    this.handlers = handlers;
    this.list = h("div", { class: "log-list", role: "log", "aria-live": "polite", "aria-relevant": "additions text", "aria-label": "Messages" });
    this.typing = h("div", { class: "typing", hidden: true, "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.scroller = h("div", { class: "log", tabindex: "0", "aria-label": "Messages, scrollable", role: "region", "data-testid": "log" }, this.list, this.typing);
    this.counter = h("span", { class: "badge", "data-testid": "unread-below" });
    this.down = h("button", { type: "button", class: "to-end", "aria-label": "To the newest message", "data-testid": "scroll-down", hidden: true }, icon("down"), this.counter);
    this.element = h("div", { class: "log-frame" }, this.scroller, this.down);
    this.down.addEventListener("click", () => this.toEnd(true));
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#watchSizes();
  }

  /** Content and frame change size (pictures, keyboards, windows): the end stays the end. */
  #watchSizes() {
    const observer = new ResizeObserver(() => { if (this.#pinned) this.#jump(); else this.#scrolled(); });
    observer.observe(this.list);
    observer.observe(this.scroller);
  }

  /** Show the chat as it is now. */
  show(chat) {
    this.chat = chat;
    const opening = this.#bubbles.size === 0;
    if (opening || !this.#pinned || !this.#reading()) this.#markUnread(chat);
    const anchor = this.#pinned ? null : this.#anchor();
    arrange(this.list, this.#nodes(chat));
    this.#setTyping(chat.action !== null && !chat.blocked);
    if (opening && this.#firstUnread !== null) this.#toUnread();
    else if (anchor) this.#restore(anchor);
    else this.#jump();
    this.#scrolled();
  }

  /** Messages were read, here or in another window: only the counter changes. */
  recount() {
    this.#showDown(this.#distance() < NEAR_END);
  }

  /** Forget where the unread messages began (the reader has answered). */
  answered() {
    this.#firstUnread = null;
    this.#pinned = true;
  }

  toEnd(smooth = false) {
    this.#pinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !reducedMotion() ? "smooth" : "instant" });
  }

  /** Report what is on the screen as read. */
  read() {
    if (!this.chat || !this.#reading()) return;
    const bottom = this.scroller.getBoundingClientRect().bottom;
    let seen = 0;
    for (const message of this.chat.messages) {
      if (message.outgoing || message.read) continue;
      const top = this.#bubbles.get(message.message_id)?.element.getBoundingClientRect().top ?? Infinity;
      if (top < bottom - 12) seen = message.message_id;
    }
    if (seen > 0) this.handlers.onRead(seen);
  }

  #reading() {
    return document.visibilityState === "visible" && this.scroller.clientHeight > 0;
  }

  #markUnread(chat) {
    if (chat.unread === 0 || this.#firstUnread !== null) return;
    this.#firstUnread = chat.messages.find((message) => !message.outgoing && !message.read).message_id;
  }

  #nodes(chat) {
    const nodes = [];
    const bubbles = new Map();
    const marks = new Map();
    let before = null;
    for (const message of chat.messages) {
      const key = dayKey(message.date);
      const newDay = !before || dayKey(before.date) !== key;
      if (newDay) nodes.push(this.#mark(marks, `day ${key}`, () => this.#day(message.date)));
      if (message.message_id === this.#firstUnread) nodes.push(this.#mark(marks, "unread", unreadMark));
      const bubble = this.#bubble(message);
      bubble.element.toggleAttribute("data-first", newDay || before.outgoing !== message.outgoing);
      bubbles.set(message.message_id, bubble);
      nodes.push(bubble.element);
      before = message;
    }
    this.#bubbles = bubbles;
    this.#marks = marks;
    return nodes;
  }

  #mark(marks, key, make) {
    const mark = this.#marks.get(key) ?? make();
    marks.set(key, mark);
    return mark;
  }

  #day(unix) {
    return h("div", { class: "day" }, h("span", { text: dayName(unix, this.context.locale) }));
  }

  #bubble(message) {
    const bubble = this.#bubbles.get(message.message_id);
    if (!bubble) {
      const made = new Bubble(message, this.context);
      if (this.#bubbles.size > 0) made.element.dataset.fresh = "new";
      return made;
    }
    bubble.show(message);
    return bubble;
  }

  #setTyping(busy) {
    this.typing.hidden = !busy;
  }

  #jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#ended = this.scroller.scrollTop;
  }

  #toUnread() {
    const mark = this.#marks.get("unread");
    this.scroller.scrollTop = mark.offsetTop - this.scroller.clientHeight / 4;
    this.#pinned = this.#distance() < NEAR_END;
  }

  #anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const child of this.list.children) {
      const box = child.getBoundingClientRect();
      if (box.bottom > top) return { child, at: box.top };
    }
    return null;
  }

  #restore({ child, at }) {
    if (child.isConnected) this.scroller.scrollTop += child.getBoundingClientRect().top - at;
  }

  #distance() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  #scrolled() {
    if (this.scroller.clientHeight === 0) return;
    const near = this.#distance() < NEAR_END;
    // Content that grew has not been scrolled away from: only moving up lets go of the end.
    if (near) this.#pinned = true;
    else if (this.scroller.scrollTop < this.#ended - 2) this.#pinned = false;
    if (near) this.#ended = this.scroller.scrollTop;
    this.read();
    this.#showDown(near);
    if (this.scroller.scrollTop < NEAR_START && this.chat?.hasOlder) this.handlers.onOlder();
  }

  #showDown(near) {
    const below = this.chat?.unread ?? 0;
    this.down.hidden = near;
    this.counter.hidden = below === 0;
    this.counter.textContent = String(below);
  }
}

const unreadMark = () => h("div", { class: "day day-unread", "data-testid": "unread-mark" }, h("span", { text: "New messages" }));
