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
