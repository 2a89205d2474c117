import { dialog } from "./dialog.js";
import { h } from "./dom.js";

/** A photo at its full size. */
export function showPhoto(address, alt) {
  const box = dialog("Photo", "lightbox", h("img", { src: address, alt, class: "lightbox-photo" }));
  box.classList.add("dialog-photo");
}
