import { h } from "./dom.js";
import { icon } from "./icons.js";
import { linkedUser, safeLink, startPayload } from "./links.js";

const STYLES = new Set(["primary", "success", "danger"]);

/**
 * The buttons under a message. `actions`: `{bot, onPress(button, element), onCopy(text), onPay(element),
 * onStart(payload), onPerson(id), onRefused(sentence)}`.
 */
export function inlineKeyboard(rows, actions) {
  const lines = rows.map((row) => h("div", { class: "keys-row" }, row.map((button) => inlineButton(button, actions))));
  const widest = Math.max(...rows.map((row) => row.length));
  const box = h("div", { class: "keys", role: "group", "aria-label": "Buttons", "data-testid": "inline-keyboard" }, lines);
  box.dataset.width = widest >= 6 ? "grid" : widest >= 3 ? "wide" : "plain";
  return box;
}

function inlineButton(button, actions) {
  if (button.url !== undefined) return urlButton(button, actions);
  const disabled = Boolean(button.disabled);
  const blank = disabled && !/[\p{L}\p{N}\p{S}]/u.test(button.text);
  const props = { type: "button", class: blank ? "key key-blank" : "key", "aria-hidden": blank ? "true" : null, disabled };
  const element = h("button", { ...props, "data-testid": "inline-button", data: styleOf(button) }, ...label(button));
  element.addEventListener("click", () => pressed(button, element, actions));
  return element;
}

function pressed(button, element, actions) {
  if (element.dataset.waiting) return;
  if (button.callback_data !== undefined) actions.onPress(button, element);
  else if (button.pay) actions.onPay(element);
  else if (button.copy_text) actions.onCopy(button.copy_text.text);
  else actions.onRefused("This kind of button does nothing in the sandbox.");
}

function urlButton(button, actions) {
  const url = safeLink(button.url);
  const data = styleOf(button);
  const person = url && linkedUser(url);
  const payload = url && startPayload(url, actions.bot.username);
  const inside = person ? () => actions.onPerson(person) : typeof payload === "string" ? () => actions.onStart(payload) : null;
  if (url && !inside) {
    const props = { class: "key", href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href };
    return h("a", { ...props, "data-testid": "inline-button", data }, ...label(button));
  }
  const props = { type: "button", class: "key", disabled: !inside, "data-testid": "inline-button", onclick: inside };
  return h("button", { ...props, data }, ...label(button));
}

const styleOf = (button) => (STYLES.has(button.style) ? { style: button.style } : {});

function label(button) {
  const corner = button.url !== undefined ? "link" : button.copy_text ? "copy" : null;
  const words = h("span", { class: "key-text", dir: "auto", text: button.text });
  return [words, corner && h("span", { class: "key-corner" }, icon(corner))];
}

/** Show that a button waits for its answer; returns the undoing. */
export function waiting(element) {
  element.dataset.waiting = "yes";
  element.setAttribute("aria-busy", "true");
  const spinner = h("span", { class: "spinner", "aria-hidden": "true" });
  element.append(spinner);
  return () => {
    delete element.dataset.waiting;
    element.removeAttribute("aria-busy");
    spinner.remove();
  };
}

/** The keyboard below the input. `onButton(button)` gets `{text, request_contact?, request_location?}`. */
export function replyKeyboard(markup, onButton) {
  const rows = markup.keyboard.map((row) =>
    h("div", { class: "keys-row" }, row.map((entry) => replyButton(typeof entry === "string" ? { text: entry } : entry, onButton))));
  return h("div", { class: "keys keys-reply", role: "group", "aria-label": "Suggested answers", "data-testid": "reply-keyboard" }, rows);
}

function replyButton(button, onButton) {
  const props = { type: "button", class: "key", "data-testid": "reply-button", data: styleOf(button) };
  const corner = button.request_location ? "pin" : button.request_contact ? "phone" : null;
  return h("button", { ...props, onclick: () => onButton(button) },
    h("span", { class: "key-text", dir: "auto", text: button.text }), corner && h("span", { class: "key-corner" }, icon(corner)));
}
