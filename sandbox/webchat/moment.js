/** Instants as people read them: in the viewer's zone, in the person's language. */

const UNITS = [
  ["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1],
];
const formats = new Map();

/** The viewer's own locale when it is of the person's language (English as in Britain, say), else that language. */
export function localeOf(languageCode) {
  if (!languageCode) return "";
  const short = (code) => code.toLowerCase().split("-")[0];
  return navigator.languages.find((code) => short(code) === short(languageCode)) ?? languageCode;
}

function formatter(locale, options) {
  const key = `${locale}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, make(locale, options));
  return formats.get(key);
}

function make(locale, options) {
  try {
    return new Intl.DateTimeFormat(locale || undefined, options);
  } catch {
    return new Intl.DateTimeFormat(undefined, options);
  }
}

const show = (unix, locale, options) => formatter(locale, options).format(new Date(unix * 1000));

export const clock = (unix, locale) => show(unix, locale, { hour: "2-digit", minute: "2-digit" });

export const fullDate = (unix, locale) =>
  show(unix, locale, {
    weekday: "long", day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  });

/** "Today", "Yesterday", or the date, with its year when that is another one. */
export function dayName(unix, locale) {
  const days = daysAgo(unix);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const sameYear = new Date(unix * 1000).getFullYear() === new Date().getFullYear();
  return show(unix, locale, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

export function dayKey(unix) {
  const date = new Date(unix * 1000);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function daysAgo(unix) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(new Date()) - midnight(new Date(unix * 1000))) / 86400000);
}

/** "in 5 minutes", "3 days ago": the largest unit that fits. */
export function relative(unix, locale, now = Date.now() / 1000) {
  const seconds = Math.round(unix - now);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  let words;
  try {
    words = new Intl.RelativeTimeFormat(locale || undefined);
  } catch {
    words = new Intl.RelativeTimeFormat();
  }
  return words.format(Math.trunc(seconds / size), unit);
}

/**
 * A `date_time` entity's text by its format: `r`, or `w?[dD]?[tT]?` (weekday, short or long date,
 * short or long time). An empty or unknown format leaves the text as it was written.
 */
export function formatted(unix, format, locale, written) {
  if (format === "r") return relative(unix, locale);
  if (!format || !/^w?[dD]?[tT]?$/u.test(format)) return written;
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/u.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return show(unix, locale, options);
}

/** Keep every relative time on the page true. */
export function keepTicking() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Number(element.dataset.relative), element.dataset.locale);
      if (element.textContent !== text) element.textContent = text;
    }
  }, 1000);
}
