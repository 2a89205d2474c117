/** The emulator's client API. Every failure is a Problem whose message is a sentence for people. */

export class Problem extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const SILENT = "The sandbox does not answer. Is it still running?";

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem(SILENT);
  }
  return answerOf(response);
}

async function answerOf(response) {
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    throw new Problem(`The sandbox gave an answer that cannot be read (${response.status}).`, response.status);
  }
  if (response.ok) return answer;
  throw new Problem(sentence(answer?.error) ?? `The sandbox refused this (${response.status}).`, response.status);
}

function sentence(error) {
  if (typeof error !== "string" || error === "") return null;
  const text = error[0].toUpperCase() + error.slice(1);
  return /[.!?…]$/u.test(text) ? text : `${text}.`;
}

export class Api {
  /** The bot spoken to, by its numeric id; null while there is only one. */
  bot = null;

  bots = () => call("GET", "/client/bots");
  users = () => call("GET", "/client/users");
  saveUser = (id, user) => call("PUT", `/client/users/${id}`, user);
  chat = (user, query = {}) => call("GET", this.#chat(user, "", { limit: 100, ...query }));
  send = (user, message) => call("POST", this.#chat(user, "/messages"), message);
  press = (user, press) => call("POST", this.#chat(user, "/press"), press);
  pay = (user, messageId) => call("POST", this.#chat(user, "/pay"), { message_id: messageId });
  payment = (id, seconds) => call("GET", `/client/payments/${encodeURIComponent(id)}?timeout=${seconds}`);
  read = (user, messageId) => call("POST", this.#chat(user, "/read"), { message_id: messageId });
  block = (user) => call("POST", this.#chat(user, "/block"));
  unblock = (user) => call("POST", this.#chat(user, "/unblock"));
  callback = (id) => call("GET", `/client/callbacks/${encodeURIComponent(id)}?timeout=0`);

  fileAddress = (fileId) => `/client/files/${encodeURIComponent(fileId)}`;

  #chat(user, rest, query = {}) {
    const words = new URLSearchParams(query);
    if (this.bot !== null) words.set("bot", this.bot);
    const tail = words.toString();
    return `/client/chats/${user}${rest}${tail ? `?${tail}` : ""}`;
  }
}
