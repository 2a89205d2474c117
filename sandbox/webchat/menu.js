import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * A small menu that a button opens. `items()` is asked at every opening:
 * `[{text, icon, testid?, run}]`. Returns `{button, element}`, to be placed side by side.
 */
export function menu({ glyph, label, testid, upwards = false, items }) {
  const button = h("button", { type: "button", class: "tool", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": testid }, icon(glyph));
  const element = h("div", { class: upwards ? "menu menu-up" : "menu", role: "menu", "aria-label": label, hidden: true });
  const set = (open) => {
    element.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  const close = (focus) => { set(false); if (focus) button.focus(); };
  button.addEventListener("click", () => {
    if (!element.hidden) return close(false);
    element.replaceChildren(...items().map((item) => menuItem(item, () => close(true))));
    set(true);
    return element.firstChild?.focus();
  });
  element.addEventListener("keydown", (event) => moved(event, element, close));
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget) && event.relatedTarget !== button) close(false);
  });
  return { button, element };
}

function menuItem({ text, icon: name, testid, run }, close) {
  const onclick = () => { close(); run(); };
  return h("button", { type: "button", role: "menuitem", class: "menu-item", "data-testid": testid, onclick }, icon(name), h("span", { text }));
}

function moved(event, element, close) {
  if (event.key === "Escape") return close(true);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return undefined;
  event.preventDefault();
  const items = [...element.children];
  const index = items.indexOf(document.activeElement);
  return items[(index + step + items.length) % items.length].focus();
}
