import { Column } from "./column.js";
import { arrange, h } from "./dom.js";
import { bell } from "./icons.js";

const COLUMN_PX = 380;
const phone = matchMedia("(max-width: 719px)");

/** The columns: several side by side, or one at a time. */
export class Desk {
  #columns = new Map();

  /** `onChange()` is called when other people are open, or another one is in front. */
  constructor(element, store, prefs, { onChange, onAdd }) {
    Object.assign(this, { element, store, prefs, onChange, onAdd });
    phone.addEventListener("change", () => this.show());
    document.addEventListener("visibilitychange", () => this.#columns.forEach((column) => column.log.read()));
  }

  get open() {
    return this.prefs.people ?? [];
  }

  /** One at a time: chosen, or because the window is narrow. */
  get single() {
    return phone.matches || this.prefs.layout === "tabs";
  }

  /** The one in front where one is shown at a time. */
  get active() {
    return this.open.includes(this.prefs.active) ? this.prefs.active : this.open[0];
  }

  isOpen = (id) => this.open.includes(id);

  /** Choose the first people when nobody was chosen before. */
  begin() {
    const known = this.open.filter((id) => this.store.users.has(id));
    const fitting = Math.min(3, Math.max(1, Math.floor(innerWidth / COLUMN_PX)));
    const chosen = known.length > 0 ? known : [...this.store.users.keys()].slice(0, fitting);
    this.prefs.save({ people: chosen });
    this.show();
  }

  openPerson(id) {
    const people = this.isOpen(id) ? this.open : [...this.open, id];
    this.prefs.save({ people, active: id });
    this.show();
    const column = this.#columns.get(id);
    column.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!phone.matches) column.composer.input.focus();
  }

  closePerson(id) {
    this.prefs.save({ people: this.open.filter((other) => other !== id) });
    this.show();
  }

  setLayout(layout) {
    this.prefs.save({ layout });
    this.show();
  }

  /** Build every column anew (another bot is spoken to). */
  reload() {
    for (const column of this.#columns.values()) column.destroy();
    this.#columns.clear();
    this.show();
  }

  show() {
    for (const [id, column] of this.#columns) {
      if (this.isOpen(id)) continue;
      column.destroy();
      this.#columns.delete(id);
    }
    const columns = this.open.map((id) => this.#column(id));
    arrange(this.element, columns.length > 0 ? columns.map((column) => column.element) : [this.#nobody()]);
    document.documentElement.dataset.layout = this.single ? "tabs" : "columns";
    for (const column of columns) this.#place(column);
    this.onChange();
  }

  #place(column) {
    const hidden = this.single && column.user !== this.active;
    const appears = column.element.hidden && !hidden;
    column.element.hidden = hidden;
    if (appears) column.show();
  }

  #column(id) {
    if (!this.#columns.has(id)) {
      const actions = { open: (other) => this.openPerson(other), close: (other) => this.closePerson(other) };
      this.#columns.set(id, new Column(id, this.store, actions));
    }
    return this.#columns.get(id);
  }

  #nobody() {
    const everybody = this.store.users.size > 0;
    const text = everybody ? "All chats are closed. Choose somebody above." : "Nobody is here yet. Add the first person and write to the bot as them.";
    const add = h("button", { type: "button", class: "button button-large", text: "Add a person", "data-testid": "add-first", onclick: () => this.onAdd() });
    const picture = h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, bell());
    return h("div", { class: "vacant vacant-desk", "data-testid": "nobody" }, picture, h("p", { class: "vacant-text", text }), add);
  }
}
