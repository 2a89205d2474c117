import { h } from "./dom.js";
import { bell } from "./icons.js";

const TINTS = 8;
/** Neighbouring ids get different colours. */
const tint = (id) => (id + Math.floor(id / 1000) * 3) % TINTS;

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") || String(user.id);

/** A person's picture: a key tag with their initials. */
export function avatar(user) {
  const segments = new Intl.Segmenter().segment.bind(new Intl.Segmenter());
  const first = (text) => [...segments(text ?? "")][0]?.segment.toUpperCase() ?? "";
  const initials = (first(user.first_name) + first(user.last_name)).trim() || "·";
  return h("span", { class: "avatar", "aria-hidden": "true", data: { tint: tint(user.id) } }, h("span", { text: initials }));
}

/** The bot's picture. */
export function botAvatar() {
  return h("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, bell());
}
