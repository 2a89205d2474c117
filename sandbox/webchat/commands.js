import { h } from "./dom.js";

/** The bot's commands for a language, falling back to those for everybody. */
export function commandsFor(bot, language) {
  const all = bot.commands ?? {};
  const short = language?.split("-")[0];
  return [language, short, ""].map((code) => all[code ?? ""]).find((list) => list?.length > 0) ?? [];
}

/** The list of commands above the input. `onChoose(command)` gets the name without its slash. */
export class CommandMenu {
  #shown = [];
  #active = 0;

  constructor(id, onChoose) {
    this.onChoose = onChoose;
    this.element = h("div", { class: "commands", role: "listbox", id, "aria-label": "Commands", "data-testid": "commands", hidden: true });
  }

  get open() {
    return !this.element.hidden;
  }

  get activeId() {
    return this.open ? this.#optionId(this.#active) : null;
  }

  /** Show the commands that begin so; false when there are none. */
  show(commands, beginning) {
    this.#shown = commands.filter(({ command }) => command.startsWith(beginning.toLowerCase()));
    this.#active = 0;
    this.element.hidden = this.#shown.length === 0;
    this.element.replaceChildren(...this.#shown.map((entry, index) => this.#option(entry, index)));
    return this.open;
  }

  hide() {
    this.element.hidden = true;
  }

  /** Handle a key of the input; true when it was for the menu. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#move(step);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) this.#choose(this.#active);
    else return false;
    event.preventDefault();
    return true;
  }

  #optionId(index) {
    return `${this.element.id}-${index}`;
  }

  #option({ command, description }, index) {
    const props = { class: "command", role: "option", id: this.#optionId(index), "aria-selected": String(index === 0), "data-testid": "command" };
    const onmousedown = (event) => event.preventDefault(); // the input keeps the focus
    return h("div", { ...props, onmousedown, onclick: () => this.#choose(index) },
      h("b", { text: `/${command}` }), h("span", { dir: "auto", text: description }));
  }

  #move(step) {
    const options = this.element.children;
    options[this.#active].setAttribute("aria-selected", "false");
    this.#active = (this.#active + step + options.length) % options.length;
    options[this.#active].setAttribute("aria-selected", "true");
    options[this.#active].scrollIntoView({ block: "nearest" });
  }

  #choose(index) {
    this.hide();
    this.onChoose(this.#shown[index].command);
  }
}
