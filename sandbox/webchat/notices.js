import { h } from "./dom.js";

const TOAST_MS = 4200;

/** Short notices at the foot of one column. */
export class Toasts {
  constructor() {
    this.element = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  }

  show(text) {
    const toast = h("div", { class: "toast", "data-testid": "toast", dir: "auto", text });
    const away = () => toast.remove();
    toast.addEventListener("click", away);
    this.element.append(toast);
    setTimeout(away, TOAST_MS + text.length * 30);
  }
}

/** Alerts of one column: the rest of that column waits until they are read; other columns do not. */
export class Alerts {
  #queue = [];
  #open = null;

  constructor(column) {
    this.column = column;
  }

  show(title, text) {
    this.#queue.push({ title, text });
    if (!this.#open) this.#next();
  }

  #next() {
    const alert = this.#queue.shift();
    if (!alert) return;
    const back = document.activeElement;
    const button = h("button", { type: "button", class: "button", "data-testid": "alert-ok", text: "OK" });
    const card = h("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": alert.title, "data-testid": "alert" },
      h("h2", { text: alert.title }), h("p", { dir: "auto", text: alert.text, "data-testid": "alert-text" }), button);
    this.#open = h("div", { class: "alert-shade" }, card);
    button.addEventListener("click", () => this.#close(back));
    this.#open.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#close(back); });
    this.#setInert(true);
    this.column.append(this.#open);
    button.focus();
  }

  #close(back) {
    this.#open.remove();
    this.#open = null;
    this.#setInert(false);
    if (back?.isConnected && this.column.contains(back)) back.focus({ preventScroll: true });
    this.#next();
  }

  #setInert(inert) {
    for (const child of this.column.children) if (child !== this.#open) child.inert = inert;
  }
}

/** Put a text on the clipboard, also where the page is not served securely. */
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* refused: the old way below still works on a click */ }
  }
  const area = h("textarea", { class: "off-screen", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
