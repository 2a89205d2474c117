import { h } from "./dom.js";
import { linkedUser, safeLink, startPayload } from "./links.js";
import { formatted, fullDate } from "./moment.js";

/**
 * A message's text with its entities, as nodes. Offsets and lengths count UTF-16 units, which is
 * how JavaScript counts. Entities nest; where two only overlap, the later one is cut in two.
 *
 * `context`: `{locale, bot, users, onCommand(text), onStart(payload), onPerson(id), onCopy(text)}`.
 */
export function rich(text, entities, context) {
  const queue = (entities ?? [])
    .map((entity) => ({ ...entity, start: entity.offset, end: Math.min(entity.offset + entity.length, text.length) }))
    .filter((entity) => entity.start >= 0 && entity.end > entity.start)
    .sort(outerFirst);
  return span(text, 0, text.length, queue, context);
}

const outerFirst = (a, b) => a.start - b.start || b.end - a.end;

function span(text, start, end, queue, context) {
  const nodes = [];
  let at = start;
  while (queue.length > 0 && queue[0].start < end) {
    const entity = queue.shift();
    if (entity.end > end) cut(queue, entity, end);
    if (entity.start > at) nodes.push(text.slice(at, entity.start));
    const inner = span(text, entity.start, Math.min(entity.end, end), queue, context);
    nodes.push(element(entity, text.slice(entity.start, Math.min(entity.end, end)), inner, context));
    at = Math.min(entity.end, end);
    if (BLOCKS.has(entity.type) && text[at] === "\n" && at < end) at += 1; // the block has ended its line itself
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function cut(queue, entity, end) {
  queue.push({ ...entity, start: end });
  queue.sort(outerFirst);
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

const MAKERS = {
  spoiler: (entity, raw, inner) => spoiler(inner),
  pre: (entity, raw, inner, context) => pre(entity, raw, inner, context),
  blockquote: (entity, raw, inner) => h("blockquote", { class: "quote" }, inner),
  expandable_blockquote: (entity, raw, inner) => expandable(inner),
  text_link: (entity, raw, inner, context) => link(entity.url, inner, context),
  url: (entity, raw, inner, context) => link(raw, inner, context),
  mention: (entity, raw, inner, context) => mention(raw.slice(1), inner, context),
  text_mention: (entity, raw, inner, context) => personButton(entity.user?.id, inner, context),
  bot_command: (entity, raw, inner, context) =>
    h("button", { type: "button", class: "linkish entity-command", onclick: () => context.onCommand(raw) }, inner),
  date_time: (entity, raw, inner, context) => dateTime(entity, raw, inner, context),
};

function element(entity, raw, inner, context) {
  const tag = TAGS[entity.type];
  if (tag) return h(tag, {}, inner);
  const maker = MAKERS[entity.type];
  return maker ? maker(entity, raw, inner, context) : h("span", { class: "entity-plain" }, inner);
}

function spoiler(inner) {
  const hidden = h("span", { class: "spoiler-text", "aria-hidden": "true" }, inner);
  const reveal = (event) => {
    if (box.dataset.revealed) return;
    event.preventDefault();
    box.dataset.revealed = "yes";
    for (const name of ["role", "tabindex", "aria-label"]) box.removeAttribute(name);
    hidden.removeAttribute("aria-hidden");
  };
  const onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") reveal(event); };
  const props = { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" };
  const box = h("span", { ...props, onclick: reveal, onkeydown }, hidden);
  return box;
}

function pre(entity, raw, inner, context) {
  const copy = h("button", { type: "button", class: "pre-copy", text: "Copy", onclick: () => context.onCopy(raw) });
  const head = h("span", { class: "pre-head" }, h("span", { text: entity.language ?? "" }), copy);
  return h("div", { class: "pre" }, head, h("pre", { tabindex: "0", dir: "ltr" }, h("code", {}, inner)));
}

function expandable(inner) {
  const body = h("div", { class: "quote-body" }, inner);
  const button = h("button", { type: "button", class: "quote-more", "aria-expanded": "false", text: "Show all" });
  const box = h("blockquote", { class: "quote quote-expandable" }, body, button);
  button.addEventListener("click", () => {
    const open = box.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Show less" : "Show all";
  });
  return box;
}

function link(address, inner, context) {
  const url = safeLink(address ?? "");
  if (!url) return h("span", { class: "entity-plain" }, inner);
  const payload = startPayload(url, context.bot.username);
  if (payload !== null) {
    return h("button", { type: "button", class: "linkish", onclick: () => context.onStart(payload) }, inner);
  }
  if (linkedUser(url) !== null) return personButton(linkedUser(url), inner, context);
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href }, inner);
}

function mention(username, inner, context) {
  const known = [...context.users.values()].find((user) => user.username?.toLowerCase() === username.toLowerCase());
  return personButton(known?.id, inner, context);
}

function personButton(id, inner, context) {
  if (!context.users.has(id)) return h("span", { class: "entity-mention" }, inner);
  return h("button", { type: "button", class: "linkish entity-mention", onclick: () => context.onPerson(id) }, inner);
}

function dateTime(entity, raw, inner, context) {
  const { unix_time: unix, date_time_format: format } = entity;
  const text = formatted(unix, format, context.locale, raw);
  const isRelative = format === "r";
  const data = isRelative ? { relative: unix, locale: context.locale ?? "" } : {};
  const instant = new Date(unix * 1000);
  const datetime = Number.isNaN(instant.getTime()) ? null : instant.toISOString();
  const props = { class: "moment", datetime, data, "aria-live": isRelative ? "off" : null };
  const title = datetime ? fullDate(unix, context.locale) : null;
  return h("time", { ...props, title }, text === raw ? inner : text);
}
