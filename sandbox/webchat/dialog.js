import { h } from "./dom.js";
import { icon } from "./icons.js";

/** A dialog over the whole page, gone from it once closed. */
export function dialog(title, testid, ...content) {
  const close = h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: () => box.close() }, icon("close"));
  const head = h("header", { class: "dialog-head" }, h("h2", { text: title }), close);
  const box = h("dialog", { class: "dialog", "aria-label": title, "data-testid": testid }, head, ...content);
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

/** A labelled input. */
export function field(label, props) {
  const input = h("input", { autocomplete: "off", dir: "auto", ...props });
  return { input, element: h("label", { class: "field" }, h("span", { text: label }), input) };
}

/**
 * Ask with a form. `fields` is `{name: {label, …input attributes}}`; resolves with `{name: text}` once
 * `save` has accepted them, or with null when the form was closed. A refusal of `save` is shown.
 */
export function ask({ title, testid, fields, action, save = async () => {} }) {
  return new Promise((resolve) => {
    const made = Object.entries(fields).map(([name, { label, ...props }]) => [name, field(label, { name, ...props })]);
    const problem = h("p", { class: "problem", role: "alert", "data-testid": "problem", hidden: true });
    const submit = h("button", { type: "submit", class: "button", text: action, "data-testid": "save" });
    const form = h("form", { class: "form" }, made.map(([, { element }]) => element), problem, submit);
    const box = dialog(title, testid, form);
    let answer = null;
    const accept = async () => {
      const values = Object.fromEntries(made.map(([name, { input }]) => [name, input.value.trim()]));
      try {
        await save(values);
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
        return;
      }
      answer = values;
      box.close();
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); accept(); });
    box.addEventListener("close", () => resolve(answer));
  });
}
