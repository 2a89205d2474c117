import { avatar, fullName } from "./avatar.js";
import { arrange, h } from "./dom.js";
import { bell, icon } from "./icons.js";

const SHOWN = 8;
const THEMES = { auto: ["Colours as the system has them", "light"], light: ["Light colours", "dark"], dark: ["Dark colours", "auto"] };

/** The bar above: the house's name, the people as key tags, the switches. */
export class Topbar {
  #tags = new Map();
  #timer = null;

  /** `actions`: `{choose(id), people(), add(), layout(name), theme(name), bot(id)}`. */
  constructor(element, store, desk, prefs, actions) {
    Object.assign(this, { element, store, desk, prefs, actions });
    this.people = h("nav", { class: "tags", "aria-label": "People", "data-testid": "tags" });
    this.others = h("span", { class: "badge", hidden: true });
    this.everybody = this.#tool("people", "All people", "people-button", () => actions.people());
    this.everybody.append(this.others);
    this.layout = this.#tool("columns", "", "layout-button", () => actions.layout(prefs.layout === "tabs" ? "columns" : "tabs"));
    this.layout.classList.add("layout-switch");
    this.theme = this.#tool("auto", "", "theme-button", () => actions.theme(THEMES[prefs.theme][1]));
    this.bots = h("select", { class: "bots", "aria-label": "Bot", hidden: true, onchange: () => actions.bot(Number(this.bots.value)) });
    const brand = h("h1", { class: "brand" }, bell(), h("span", { text: "Bellhop" }));
    const add = this.#tool("plus", "Add a person", "add-person", () => actions.add());
    element.append(brand, this.people, h("div", { class: "tools" }, this.bots, add, this.everybody, this.layout, this.theme));
    store.on("people", () => this.#soon());
    store.on("chat", () => this.#soon());
  }

  /** Many events at once are one change here. */
  #soon() {
    this.#timer ??= setTimeout(() => { this.#timer = null; this.show(); }, 40);
  }

  #tool(name, label, testid, onclick) {
    return h("button", { type: "button", class: "tool", "data-testid": testid, "aria-label": label, title: label, onclick }, icon(name));
  }

  show() {
    const users = this.#shown();
    for (const id of this.#tags.keys()) if (!users.some((user) => user.id === id)) this.#tags.delete(id);
    arrange(this.people, users.map((user) => this.#tag(user)));
    const hidden = this.store.unread(new Set(users.map((user) => user.id)));
    this.others.hidden = hidden === 0;
    this.others.textContent = String(hidden);
    this.#showSwitches();
    this.#showBots();
    this.#showTitle();
  }

  /** Those who are open, then others while there is room. */
  #shown() {
    const open = this.desk.open.map((id) => this.store.users.get(id)).filter(Boolean);
    const others = [...this.store.users.values()].filter((user) => !this.desk.isOpen(user.id));
    return [...open, ...others.slice(0, Math.max(0, SHOWN - open.length))];
  }

  #tag(user) {
    const key = JSON.stringify([user.first_name, user.last_name]);
    let tag = this.#tags.get(user.id);
    if (tag?.dataset.key !== key) {
      tag = h("button", { type: "button", class: "tag", "data-testid": "tag", data: { user: user.id, key }, onclick: () => this.actions.choose(user.id) },
        avatar(user), h("span", { class: "tag-name", dir: "auto", text: user.first_name || fullName(user) }), h("span", { class: "badge", "data-testid": "unread" }));
      this.#tags.set(user.id, tag);
    }
    this.#mark(tag, user);
    return tag;
  }

  #mark(tag, user) {
    const pressed = this.desk.single ? user.id === this.desk.active : this.desk.isOpen(user.id);
    const unread = this.store.chat(user.id).unread;
    const badge = tag.lastChild;
    tag.setAttribute("aria-pressed", String(pressed));
    tag.setAttribute("aria-label", unread > 0 ? `${fullName(user)}, ${unread} unread` : fullName(user));
    tag.title = `${fullName(user)} · ${user.id}`;
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
  }

  #showSwitches() {
    const tabs = this.prefs.layout === "tabs";
    this.#relabel(this.layout, tabs ? "columns" : "single", tabs ? "Show people side by side" : "Show one person at a time");
    const [label] = THEMES[this.prefs.theme] ?? THEMES.auto;
    this.#relabel(this.theme, this.prefs.theme in THEMES ? this.prefs.theme : "auto", label);
  }

  #relabel(button, name, label) {
    if (button.title === label) return;
    button.replaceChildren(icon(name));
    button.title = label;
    button.setAttribute("aria-label", label);
  }

  #showBots() {
    const { bots, bot } = this.store;
    this.bots.hidden = bots.length < 2;
    if (bots.length < 2) return;
    const options = bots.map(({ id, first_name: name }) => h("option", { value: id, text: name, selected: id === bot.id }));
    this.bots.replaceChildren(...options);
  }

  #showTitle() {
    const unread = this.store.unread();
    document.title = unread > 0 ? `(${unread}) ${this.store.bot.first_name}` : this.store.bot.first_name;
  }
}
