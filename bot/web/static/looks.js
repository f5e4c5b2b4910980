// The size of the letters, the contrast and the reading aloud, changed without loading the page again.
import { hush } from "./aloud.js";

const root = document.documentElement;
const form = document.querySelector("#looks form");

const mark = () => {
  for (const group of form.querySelectorAll("fieldset")) {
    const chosen = root.dataset[group.dataset.name] || (matchMedia("(prefers-contrast: more)").matches ? "high" : "normal");
    for (const button of group.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === chosen));
  }
};

// Browsers of before 2021 do not say which button sent a form.
let pressed = null;
form.addEventListener("click", (event) => { pressed = event.target.closest("button"); });

// One after the other: each answer sets the whole cookie.
let saved = Promise.resolve();
const save = (fields) => fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" }, keepalive: true });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, value } = event.submitter || pressed;
  root.dataset[name] = value;
  mark();
  if (name === "aloud") hush();
  const fields = new URLSearchParams(new FormData(form));
  for (const [choice, is] of Object.entries(root.dataset)) fields.set(choice, is);
  // Where it cannot be kept it holds for this page all the same.
  saved = saved.then(() => save(fields)).catch(() => null);
});

mark();
