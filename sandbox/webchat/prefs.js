/** What the page remembers: the people chosen, the layout, the theme. The address wins over memory. */

const KEY = "bellhop.webchat";

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

const ids = (text) => text.split(",").map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);

export class Prefs {
  constructor() {
    const query = new URLSearchParams(location.search);
    const kept = remembered();
    this.people = query.has("people") ? ids(query.get("people")) : (kept.people ?? null);
    this.layout = query.get("layout") ?? kept.layout ?? "columns";
    this.theme = query.get("theme") ?? kept.theme ?? "auto";
    this.active = kept.active ?? null;
  }

  save(changes) {
    Object.assign(this, changes);
    const { people, layout, theme, active } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ people, layout, theme, active }));
    } catch { /* a private window may refuse: the address still remembers the people */ }
    const query = new URLSearchParams(location.search);
    if (people) query.set("people", people.join(","));
    for (const name of ["layout", "theme"]) if (query.has(name)) query.set(name, this[name]);
    history.replaceState(null, "", `?${decodeURIComponent(query.toString())}`);
  }
}
