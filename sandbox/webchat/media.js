import { h, s } from "./dom.js";
import { icon } from "./icons.js";
import { safeLink } from "./links.js";

/** What a message carries beside text: photos, documents, voices, stickers, places, contacts. Null when nothing. */
export function media(message, context) {
  if (message.photo) return photo(message, context);
  if (message.document) return documentCard(message.document, context);
  if (message.voice) return voice(message.voice);
  if (message.sticker) return h("div", { class: "sticker", "data-testid": "sticker", role: "img", "aria-label": "Sticker", text: message.sticker.emoji ?? "▢" });
  if (message.venue) return place(message.venue.location, message.venue);
  if (message.location) return place(message.location, null);
  if (message.contact) return contact(message.contact);
  if (message.invoice) return invoice(message.invoice);
  if (message.successful_payment) return h("div", { class: "text", "data-testid": "payment", text: `You paid ${amount(message.successful_payment)}.` });
  return null;
}

/** One line saying what a message is, for quotes of it. */
export function summary(message) {
  if (message.text || message.caption) return message.text ?? message.caption;
  if (message.photo) return "Photo";
  if (message.document) return message.document.file_name ?? "Document";
  if (message.voice) return "Voice message";
  if (message.sticker) return `${message.sticker.emoji ?? ""} Sticker`.trim();
  if (message.venue) return message.venue.title;
  if (message.location) return "Location";
  if (message.invoice) return message.invoice.title;
  return message.contact ? "Contact" : "Message";
}

function photo(message, context) {
  const size = [...message.photo].sort((a, b) => b.width - a.width)[0];
  const address = context.fileAddress(size.file_id);
  const image = h("img", { src: address, alt: message.caption || "Photo", loading: "lazy", decoding: "async" });
  if (size.width > 1 && size.height > 1) {
    image.width = size.width;
    image.height = size.height;
  }
  image.addEventListener("error", () => box.replaceChildren(h("span", { class: "photo-lost", text: "This photo cannot be shown." })));
  const box = h("button", { type: "button", class: "photo", "aria-label": "Open the photo", onclick: () => context.onPhoto(address, image.alt) }, image);
  return box;
}

function documentCard(file, context) {
  const name = file.file_name ?? "Document";
  const calendar = file.mime_type === "text/calendar" || name.endsWith(".ics");
  const props = { class: "file", href: context.fileAddress(file.file_id), download: name, "data-testid": "document" };
  return h(
    "a", { ...props, "aria-label": `Download ${name}` },
    h("span", { class: "file-icon" }, icon(calendar ? "calendar" : "file")),
    h("span", { class: "file-words" },
      h("span", { class: "file-name", dir: "auto", text: name }),
      h("span", { class: "file-size", text: fileSize(file.file_size) })),
    h("span", { class: "file-get" }, icon("download")),
  );
}

function voice({ duration }) {
  const clock = `${Math.floor(duration / 60)}:${String(duration % 60).padStart(2, "0")}`;
  return h(
    "div", { class: "file", "data-testid": "voice" },
    h("span", { class: "file-icon" }, icon("voice")),
    h("span", { class: "file-words" }, h("span", { class: "file-name", text: "Voice message" }), h("span", { class: "file-size", text: clock })),
  );
}

export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "Download";
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  const figure = bytes / 1000 ** power;
  return `${figure.toFixed(figure < 10 ? 1 : 0)} ${units[power - 1]}`;
}

function place({ latitude, longitude }, venue) {
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  const props = { class: "place", href: safeLink(address)?.href, target: "_blank", rel: "noopener noreferrer", "data-testid": "location" };
  const words = venue ? [venue.title, venue.address] : ["Location"];
  return h(
    "a", props, sketch(latitude, longitude),
    h("span", { class: "place-words" },
      ...words.map((text, index) => h("span", { class: index ? "place-address" : "place-title", dir: "auto", text })),
      h("span", { class: "place-degrees", text: `${degrees(latitude, "N", "S")} ${degrees(longitude, "E", "W")}` })),
  );
}

const degrees = (value, plus, minus) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? minus : plus}`;

/** A drawn town, the same for the same place: no map is fetched. */
function sketch(latitude, longitude) {
  const spread = (seed) => (Math.abs(Math.sin(latitude * 12.9898 + longitude * 78.233 + seed) * 43758.5453) % 1) * 2 - 1;
  const road = (seed, wide) => {
    const [a, b] = [60 + spread(seed) * 50, 60 + spread(seed + 1) * 50];
    return s("path", { class: wide ? "map-road map-wide" : "map-road", d: `M-10 ${a} C 90 ${a + spread(seed + 2) * 30}, 200 ${b}, 310 ${b}` });
  };
  const street = (seed) => {
    const x = 150 + spread(seed) * 140;
    return s("path", { class: "map-road", d: `M${x} -10 L${x + spread(seed + 1) * 60} 130` });
  };
  const park = s("ellipse", { class: "map-park", cx: 150 + spread(7) * 110, cy: 60 + spread(8) * 40, rx: "46", ry: "26" });
  const water = s("path", { class: "map-water", d: `M-10 ${112 + spread(9) * 12} C 80 ${92 + spread(3) * 10}, 190 134, 310 ${104 + spread(5) * 10} V140 H-10Z` });
  const marker = s("g", { class: "map-pin", transform: "translate(150 62)" },
    s("ellipse", { class: "map-shade", cx: "0", cy: "1", rx: "9", ry: "3.5" }),
    s("path", { d: "M0 0C10-12 15-19 15-27A15 15 0 1 0-15-27C-15-19-10-12 0 0z" }),
    s("circle", { cx: "0", cy: "-27", r: "5.5" }));
  const picture = { class: "map", viewBox: "0 0 300 120", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" };
  return s("svg", picture, park, water, road(11, true), road(17, false), street(23), street(31), street(43), marker);
}

function contact(person) {
  return h(
    "div", { class: "contact" },
    h("span", { class: "file-icon" }, icon("phone")),
    h("span", { class: "file-words" },
      h("span", { class: "file-name", dir: "auto", text: [person.first_name, person.last_name].filter(Boolean).join(" ") }),
      h("span", { class: "file-size", dir: "ltr", text: person.phone_number })),
  );
}

function invoice(bill) {
  return h(
    "div", { class: "file", "data-testid": "invoice" },
    h("span", { class: "file-words" },
      h("span", { class: "file-name", dir: "auto", text: bill.title }),
      h("span", { dir: "auto", text: bill.description }),
      h("span", { class: "file-size", text: amount(bill) })),
  );
}

function amount({ total_amount: total, currency }) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(total / 10 ** format.resolvedOptions().maximumFractionDigits);
}
