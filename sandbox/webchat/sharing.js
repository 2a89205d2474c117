import { ask } from "./dialog.js";

/** What a phone would know by itself is asked for here. */
export async function askLocation() {
  const degrees = (limit) => ({ type: "number", step: "any", min: -limit, max: limit, required: true, dir: "ltr" });
  const answer = await ask({
    title: "Send a location",
    testid: "location-dialog",
    action: "Send",
    fields: {
      latitude: { label: "Latitude", value: "52.52", ...degrees(90) },
      longitude: { label: "Longitude", value: "13.405", ...degrees(180) },
    },
  });
  return answer && { latitude: Number(answer.latitude), longitude: Number(answer.longitude) };
}

export async function askContact(person) {
  const answer = await ask({
    title: "Send a contact",
    testid: "contact-dialog",
    action: "Send",
    fields: {
      first_name: { label: "Name", value: person.first_name, required: true },
      phone_number: { label: "Telephone", type: "tel", value: "+49 30 1234567", required: true, dir: "ltr" },
    },
  });
  return answer && { ...answer, user_id: person.id };
}

export async function askVoice() {
  const answer = await ask({
    title: "Send a voice message",
    testid: "voice-dialog",
    action: "Send",
    fields: { duration: { label: "Seconds", type: "number", min: 0, max: 3600, value: "3", required: true, dir: "ltr" } },
  });
  return answer && { duration: Number(answer.duration) };
}

export function askSticker() {
  const fields = { emoji: { label: "Its emoji", value: "👍", required: true } };
  return ask({ title: "Send a sticker", testid: "sticker-dialog", action: "Send", fields });
}

/** Let a file be chosen; resolves with it as the client API takes it, or with null. */
export function pickFile(accept) {
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept });
    input.addEventListener("cancel", () => resolve(null));
    input.addEventListener("change", () => read(input.files[0]).then(resolve, reject));
    input.click();
  });
}

async function read(file) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
  return { name: file.name, mime_type: file.type, data: address.slice(address.indexOf(",") + 1) };
}
