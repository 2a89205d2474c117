import { CommandMenu, commandsFor } from "./commands.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { replyKeyboard } from "./keyboard.js";
import { menu } from "./menu.js";
import { ReplyBar } from "./reply.js";
import { askContact, askLocation, askSticker, askVoice, pickFile } from "./sharing.js";

/**
 * The foot of a column: the input, the commands, the reply keyboard, or the way out of a block.
 * `actions`: `{person(), bot(), send(message), pressReply(messageId, button), unblock(), fail(problem)}`.
 */
export class Composer {
  #keyboardId = null;
  #keyboardHint;
  #folded = false;

  constructor(user, actions) {
    this.actions = actions;
    this.menu = new CommandMenu(`commands-${user}`, (command) => this.#send({ text: `/${command}` }, true));
    this.input = h("textarea", {
      rows: "1", dir: "auto", placeholder: "Message", "aria-label": "Message", "data-testid": "composer", enterkeyhint: "send",
      "aria-controls": `commands-${user}`, "aria-autocomplete": "list",
    });
    this.element = h("footer", { class: "composer" });
    this.#build();
    this.#listen();
  }

  #build() {
    const tool = (name, label, testid, onclick) =>
      h("button", { type: "button", class: "tool", "aria-label": label, title: label, "data-testid": testid, onclick }, icon(name));
    this.slash = tool("slash", "Commands", "commands-button", () => this.#toggleMenu());
    this.sharing = menu({ glyph: "clip", label: "Send a file, a location or a contact", testid: "attach", upwards: true, items: () => this.#shareable() });
    this.fold = tool("keyboard", "Show or hide the keyboard", "keyboard-toggle", () => this.#toggleKeyboard());
    this.sendButton = tool("send", "Send", "send", () => this.#sendTyped());
    this.sendButton.classList.add("tool-send");
    this.keys = h("div", { class: "reply-slot", hidden: true });
    this.reply = new ReplyBar(() => { this.#showPlaceholder(); this.input.focus(); });
    this.row = h("div", { class: "composer-row" }, this.slash, this.input, this.fold, this.sharing.button, this.sendButton);
    this.unblock = h("button", { type: "button", class: "button", text: "Unblock", "data-testid": "unblock", onclick: () => this.actions.unblock() });
    this.blockedText = h("span");
    this.blocked = h("div", { class: "composer-blocked", "data-testid": "blocked", hidden: true }, icon("block"), this.blockedText, this.unblock);
    this.element.append(this.menu.element, this.sharing.element, this.reply.element, this.row, this.keys, this.blocked);
  }

  #listen() {
    this.input.addEventListener("input", () => { this.#grow(); this.#suggest(); });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => { this.menu.hide(); this.#tellMenu(); });
  }

  /** Show what the chat's state asks for. */
  show(chat) {
    const bot = this.actions.bot().first_name;
    this.blocked.hidden = !chat.blocked;
    this.row.hidden = chat.blocked;
    this.blockedText.textContent = `${bot} is blocked and cannot write here.`;
    this.slash.hidden = this.#commands().length === 0;
    this.#showKeyboard(chat.blocked ? null : chat.replyKeyboard);
    if (this.reply.show(chat) && this.#isUsed()) this.input.focus();
    if (chat.blocked) this.reply.element.hidden = true;
    this.#showPlaceholder();
    this.#tellSend();
  }

  /** Reply to this message with what is sent next. */
  replyTo(message) {
    this.reply.choose(message);
    this.#showPlaceholder();
    this.input.focus();
  }

  /** Only where the person is at work may the input take the focus. */
  #isUsed() {
    return this.element.closest(".column")?.contains(document.activeElement) ?? false;
  }

  #showPlaceholder() {
    this.input.placeholder = this.reply.placeholder ?? this.#keyboardHint ?? "Message";
  }

  #showKeyboard(keyboard) {
    const id = keyboard?.message_id ?? null;
    if (id !== this.#keyboardId) {
      this.#keyboardId = id;
      this.#folded = false;
      const onButton = (button) => this.#replyPressed(keyboard, button);
      this.keys.replaceChildren(...(keyboard ? [replyKeyboard(keyboard.markup, onButton)] : []));
    }
    this.keys.hidden = !keyboard || this.#folded;
    this.fold.hidden = !keyboard || keyboard.markup.is_persistent === true;
    this.fold.setAttribute("aria-pressed", String(!this.keys.hidden));
    this.#keyboardHint = keyboard?.markup.input_field_placeholder;
  }

  #toggleKeyboard() {
    this.#folded = !this.#folded;
    this.keys.hidden = this.#folded;
    this.fold.setAttribute("aria-pressed", String(!this.#folded));
  }

  async #replyPressed({ message_id: id, markup }, button) {
    if (markup.one_time_keyboard) this.#toggleKeyboard();
    if (button.request_contact) await this.shareContact(id);
    else if (button.request_location) await this.shareLocation(id);
    else await this.actions.pressReply(id, button);
  }

  #key(event) {
    if (this.menu.key(event)) {
      this.#tellMenu();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#sendTyped();
  }

  #sendTyped() {
    const text = this.input.value.trim();
    if (text) this.#send({ text }, true);
    this.input.focus();
  }

  /** Send; what was typed comes back when it could not be sent. */
  async #send(message, typed = false) {
    const draft = this.input.value;
    const replied = this.reply.message;
    if (typed) this.#write("");
    const sent = await this.actions.send(replied ? { reply_to: replied.message_id, ...message } : message);
    if (sent && this.reply.message?.message_id === replied?.message_id) this.reply.settle();
    if (!sent && typed && this.input.value === "") this.#write(draft);
    this.#showPlaceholder();
  }

  #write(text) {
    this.input.value = text;
    this.#grow();
    this.menu.hide();
    this.#tellMenu();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 220)}px`;
    this.#tellSend();
  }

  #tellSend() {
    this.sendButton.classList.toggle("tool-idle", this.input.value.trim() === "");
  }

  #commands() {
    return commandsFor(this.actions.bot(), this.actions.person().language_code);
  }

  #suggest() {
    const typed = /^\/([a-z0-9_]*)$/iu.exec(this.input.value);
    if (typed) this.menu.show(this.#commands(), typed[1]);
    else this.menu.hide();
    this.#tellMenu();
  }

  #toggleMenu() {
    if (this.menu.open) this.menu.hide();
    else this.menu.show(this.#commands(), "");
    const open = this.menu.open;
    this.input.focus();
    if (open) this.menu.element.hidden = false;
    this.#tellMenu();
  }

  #tellMenu() {
    if (this.menu.activeId) this.input.setAttribute("aria-activedescendant", this.menu.activeId);
    else this.input.removeAttribute("aria-activedescendant");
    this.slash.setAttribute("aria-expanded", String(this.menu.open));
  }

  #shareable() {
    return [
      { text: "Photo…", icon: "photo", testid: "share-photo", run: () => this.#shareFile("photo", "image/png,image/jpeg,image/gif") },
      { text: "Document…", icon: "file", testid: "share-document", run: () => this.#shareFile("document", "") },
      { text: "Voice message…", icon: "voice", testid: "share-voice", run: () => this.#share("voice", askVoice()) },
      { text: "Sticker…", icon: "sticker", testid: "share-sticker", run: () => this.#share("sticker", askSticker()) },
      { text: "Location…", icon: "pin", testid: "share-location", run: () => this.shareLocation() },
      { text: "Contact…", icon: "phone", testid: "share-contact", run: () => this.shareContact() },
    ];
  }

  /** Send a location; `keyboard` is the message whose button asked for it. */
  shareLocation(keyboard) {
    return this.#share("location", askLocation(), keyboard);
  }

  shareContact(keyboard) {
    return this.#share("contact", askContact(this.actions.person()), keyboard);
  }

  async #share(kind, answer, keyboard) {
    const content = await answer;
    if (content) await this.#send({ [kind]: content, ...(keyboard ? { reply_to: keyboard } : {}) });
  }

  /** Send a file; what has been typed is its caption. */
  async #shareFile(kind, accept) {
    const file = await pickFile(accept);
    const caption = this.input.value.trim();
    if (file) await this.#send({ [kind]: file, ...(caption ? { caption } : {}) }, true);
  }
}
