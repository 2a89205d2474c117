import { Api } from "./api.js";
import { Desk } from "./desk.js";
import { h } from "./dom.js";
import { bell } from "./icons.js";
import { keepTicking } from "./moment.js";
import { editPerson, peoplePanel } from "./people.js";
import { Prefs } from "./prefs.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { Topbar } from "./topbar.js";

const RETRY_MS = 1500;
/** How many people who are not open have their unread messages counted at the start. */
const COUNTED = 24;

const byId = (id) => document.getElementById(id);
const api = new Api();
const store = new Store(api);
const prefs = new Prefs();
const banner = byId("banner");

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const desk = new Desk(byId("desk"), store, prefs, { onChange: () => topbar.show(), onAdd: addPerson });
const topbar = new Topbar(byId("topbar"), store, desk, prefs, {
  choose: (id) => desk.openPerson(id),
  people: () => peoplePanel(store, { isOpen: desk.isOpen, open: (id) => desk.openPerson(id), close: (id) => desk.closePerson(id), add: addPerson }),
  add: addPerson,
  layout: (layout) => desk.setLayout(layout),
  theme: (theme) => { prefs.save({ theme }); setTheme(theme); topbar.show(); },
  bot: (id) => { api.bot = id; store.chats.clear(); desk.reload(); },
});

async function addPerson() {
  const user = await editPerson(store);
  if (user) desk.openPerson(user.id);
}

function shout(text) {
  banner.textContent = text;
  banner.hidden = text === "";
}

let stream = null;

function listen(after) {
  stream = new Stream({
    after,
    onEvent: (event) => store.apply(event),
    onUp: (again) => (again ? comeBack() : shout("")),
    onDown: () => shout("The connection is lost. Trying again…"),
  });
}

async function comeBack() {
  try {
    await store.loadPeople();
    stream.follow(await store.position());
    await store.refresh();
    shout("");
  } catch (error) {
    shout(error.message);
    setTimeout(comeBack, RETRY_MS);
  }
}

/** The page before the sandbox answers: a sentence, and another try. */
function apologise(problem) {
  const picture = h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, bell());
  const text = h("p", { class: "vacant-text", role: "alert", text: `${problem.message} Trying again…` });
  byId("desk").replaceChildren(h("div", { class: "vacant vacant-desk", "data-testid": "unreachable" }, picture, text));
}

async function begin() {
  let position;
  try {
    await store.loadPeople();
    position = await store.position();
  } catch (problem) {
    apologise(problem);
    setTimeout(begin, RETRY_MS);
    return;
  }
  listen(position);
  desk.begin();
  await countUnread();
}

async function countUnread() {
  const others = [...store.users.keys()].filter((id) => !desk.isOpen(id)).slice(0, COUNTED);
  for (const id of others) await store.loadChat(id).catch(() => {}); // uncounted until opened
}

function hotkeys(event) {
  if (!event.altKey || !/^Digit[1-9]$/u.test(event.code)) return;
  const id = desk.open[Number(event.code.at(-1)) - 1];
  if (id === undefined) return;
  event.preventDefault();
  desk.openPerson(id);
}

setTheme(prefs.theme);
keepTicking();
document.addEventListener("keydown", hotkeys);
begin();
