import { avatar, fullName } from "./avatar.js";
import { ask, dialog } from "./dialog.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const FIRST_ID = 2001;
const LANGUAGES = { en: "English", ru: "Русский", de: "Deutsch", fr: "Français", es: "Español", it: "Italiano", pl: "Polski", tr: "Türkçe", uk: "Українська", ar: "العربية", he: "עברית", fa: "فارسی" };

export function languageName(code) {
  return LANGUAGES[code] ?? code ?? "no language";
}

/** Ask for a new person, or for changes to one; resolves with the user, or null. */
export async function editPerson(store, user = null) {
  const id = user?.id ?? Math.max(FIRST_ID - 1, ...store.users.keys()) + 1;
  languageList();
  let saved = null;
  await ask({
    title: user ? `Change ${fullName(user)}` : "Add a person",
    testid: "person-dialog",
    action: user ? "Save" : "Add",
    fields: {
      first_name: { label: "First name", value: user?.first_name ?? "", required: true, maxlength: 64, autofocus: true },
      last_name: { label: "Last name", value: user?.last_name ?? "", maxlength: 64 },
      username: { label: "Username", value: user?.username ?? "", pattern: "@?[A-Za-z][A-Za-z0-9_]{3,31}", dir: "ltr" },
      language_code: { label: "Language", value: user?.language_code ?? "en", list: "languages", pattern: "[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", dir: "ltr" },
      ...(user ? {} : { id: { label: "Telegram id", value: id, type: "number", min: 1, step: 1, required: true, dir: "ltr" } }),
    },
    save: async (values) => { saved = await store.saveUser(Number(values.id ?? id), body(values)); },
  });
  return saved;
}

function body({ first_name, last_name, username, language_code }) {
  const fields = { first_name, last_name, username: username.replace(/^@/u, ""), language_code };
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""));
}

function languageList() {
  if (document.getElementById("languages")) return;
  const options = Object.entries(LANGUAGES).map(([value, label]) => h("option", { value, label }));
  document.body.append(h("datalist", { id: "languages" }, options));
}

/** Everybody: open, close, change, add. `actions`: `{isOpen(id), open(id), close(id), add()}`. */
export function peoplePanel(store, actions) {
  const search = h("input", { type: "search", placeholder: "Find a person", "aria-label": "Find a person", "data-testid": "people-search" });
  const list = h("ul", { class: "people" });
  const none = h("p", { class: "people-none", text: "Nobody by that name." });
  const add = h("button", { type: "button", class: "button", "data-testid": "people-add", onclick: () => actions.add() }, icon("plus"), "Add a person");
  const fill = () => {
    const wanted = search.value.trim().toLowerCase();
    const users = [...store.users.values()].filter((user) => words(user).includes(wanted));
    list.replaceChildren(...users.map((user) => personRow(store, user, actions, fill)));
    none.hidden = users.length > 0;
  };
  search.addEventListener("input", fill);
  const box = dialog("People", "people-panel", search, list, none, add);
  const stop = [store.on("people", fill), store.on("chat", fill)];
  box.addEventListener("close", () => stop.forEach((off) => off()));
  fill();
}

const words = (user) => `${fullName(user)} ${user.username ?? ""} ${user.id}`.toLowerCase();

function personRow(store, user, actions, fill) {
  const open = actions.isOpen(user.id);
  const unread = store.chat(user.id).unread;
  const details = [user.username && `@${user.username}`, user.id, languageName(user.language_code)].filter(Boolean).join(" · ");
  const toggle = () => { (open ? actions.close : actions.open)(user.id); fill(); };
  return h(
    "li", { class: "person", data: { user: user.id } },
    h("button", { type: "button", class: "person-open", "aria-pressed": String(open), onclick: toggle, "data-testid": "person-toggle" },
      avatar(user),
      h("span", { class: "person-words" }, h("b", { dir: "auto", text: fullName(user) }), h("span", { text: details })),
      unread > 0 ? h("span", { class: "badge", text: unread }) : null,
      h("span", { class: "person-state", text: open ? "Open" : "" })),
    h("button", { type: "button", class: "tool", "aria-label": `Change ${fullName(user)}`, title: "Change", onclick: () => editPerson(store, user) }, icon("edit")),
  );
}
