import { s } from "./dom.js";

/** Drawn on a 24 × 24 grid with a round pen; `fill:` marks a path that is filled. */
const DRAWINGS = {
  block: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", "M6.2 6.2l11.6 11.6"],
  calendar: ["M5 6.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7.5a1 1 0 0 1 1-1z", "M4 11h16M8 4v4M16 4v4", "M8.5 15.5l2.3 2.2 4.7-4.4"],
  check: ["M5 12.8l4.4 4.4L19 7.5"],
  checks: ["M2.5 12.8l4.4 4.4 8.6-9.7", "M11.5 16.2l1 1L21.5 7.5"],
  clip: ["M19.5 11.5l-7.4 7.4a5 5 0 0 1-7-7l7.7-7.8a3.3 3.3 0 0 1 4.7 4.7l-7.7 7.7a1.6 1.6 0 0 1-2.3-2.3l6.9-7"],
  close: ["M6.5 6.5l11 11M17.5 6.5l-11 11"],
  columns: ["M4.5 5h15a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z", "M9.2 5v14M14.8 5v14"],
  copy: ["M9.5 9.5h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z", "M5.5 15a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1H14a1 1 0 0 1 1 1"],
  dark: ["M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z"],
  down: ["M12 5v13.5M6 13l6 6 6-6"],
  download: ["M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14"],
  edit: ["M14.5 5.5l4 4L8.5 19.5H4.5v-4z", "M12.5 7.5l4 4"],
  file: ["M7 3.5h7l4.5 4.5V19a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5z", "M14 3.5V8h4.5"],
  keyboard: ["M4 6.5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1z", "M7 10.2h.01M10.4 10.2h.01M13.7 10.2h.01M17 10.2h.01M8 14h8"],
  light: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8", "M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1"],
  link: ["M8 16L17 7M9.5 6.5H17.5V14.5"],
  more: ["M12 5.5h.01M12 12h.01M12 18.5h.01"],
  people: ["M9 5a3.3 3.3 0 1 0 0 6.6A3.3 3.3 0 0 0 9 5", "M3 19c.4-3.4 2.8-5.2 6-5.2s5.6 1.8 6 5.2", "M15.5 5.4a3.2 3.2 0 0 1 0 5.9M17.5 14.2c2 .7 3.2 2.3 3.5 4.8"],
  phone: ["M6 4h3.5l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z"],
  photo: ["M4.5 5.5h15a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1z", "M4 16.5l5-5 4 4 3-3 4 4", "M15.5 9.2h.01"],
  pin: ["M12 21c4.5-4.7 6.7-8.2 6.7-11.2a6.7 6.7 0 1 0-13.4 0C5.3 12.8 7.5 16.3 12 21z", "M12 7.4a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8"],
  plus: ["M12 5v14M5 12h14"],
  reply: ["M10 6.5L4.5 12l5.5 5.5", "M5 12h8.5c3.5 0 6 2 6 6"],
  send: ["fill:M3.6 4.7c-.3-.9.6-1.7 1.4-1.3l15.3 7.7c.8.4.8 1.4 0 1.8L5 20.6c-.8.4-1.7-.4-1.4-1.3L5.8 13l7.7-1-7.7-1z"],
  single: ["M8 4h8a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 16 20H8a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 8 4z", "M11 17h2"],
  sticker: ["M12 4a8 8 0 1 0 0 16c2 0 8-6 8-8a8 8 0 0 0-8-8z", "M12 20c0-5 3-8 8-8", "M9 9.5h.01M14 9.5h.01"],
  voice: ["M12 4a2.6 2.6 0 0 0-2.6 2.6v5a2.6 2.6 0 0 0 5.2 0v-5A2.6 2.6 0 0 0 12 4z", "M6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3"],
  slash: ["M14.5 5.5l-5 13"],
  auto: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16", "fill:M12 4a8 8 0 0 1 0 16z"],
};

/** A small picture; decoration for the reader, whose words stand beside it or in an aria-label. */
export function icon(name) {
  const paths = DRAWINGS[name].map((path) => {
    const filled = path.startsWith("fill:");
    return s("path", { d: filled ? path.slice(5) : path, ...(filled ? { class: "icon-fill" } : {}) });
  });
  return s("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, ...paths);
}

/** The house's mark: a counter bell. */
export function bell() {
  return s(
    "svg", { viewBox: "0 0 32 32", class: "bell", "aria-hidden": "true" },
    s("path", { class: "bell-rays", d: "M7 9L4.8 6.8M25 9l2.2-2.2M16 4.2V1.8" }),
    s("path", { class: "bell-button", d: "M16 11.5V8.8M13 8.2h6" }),
    s("path", { class: "bell-dome", d: "M5.5 22a10.5 10.5 0 0 1 21 0z" }),
    s("path", { class: "bell-shine", d: "M9.5 19.5a7 7 0 0 1 4.2-4.7" }),
    s("rect", { class: "bell-foot", x: "3.5", y: "23", width: "25", height: "4", rx: "2" }),
  );
}
