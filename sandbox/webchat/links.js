/** Which addresses may be followed, and which of them mean something inside this page. */

const ALLOWED = new Set(["http:", "https:", "tg:"]);

/** The address when it may be a link (http, https, tg), or null. A missing scheme means http. */
export function safeLink(text) {
  const address = /^[a-z][a-z0-9+.-]*:/iu.test(text) && !/^[^/:]+:\d+(\/|$)/u.test(text) ? text : `http://${text}`;
  try {
    const url = new URL(address);
    return ALLOWED.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** The payload when the address is a deep link to this bot (`t.me/bot?start=…`), or null. */
export function startPayload(url, botUsername) {
  if (!botUsername || !url.searchParams.has("start")) return null;
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
  const here = url.protocol === "tg:" ? url.host === "resolve" : ["t.me", "telegram.me"].includes(url.host);
  return here && name?.toLowerCase() === botUsername.toLowerCase() ? url.searchParams.get("start") : null;
}

/** The user's id of `tg://user?id=…`, or null. */
export function linkedUser(url) {
  if (url.protocol !== "tg:" || url.host !== "user") return null;
  return Number(url.searchParams.get("id")) || null;
}
