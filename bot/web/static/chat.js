// Makes the page better where a browser allows it; without this script the forms work all the same.
import { hush, offerReading, tell } from "./aloud.js";
import "./looks.js";

const form = document.getElementById("say");
const log = document.getElementById("log");
const list = log.querySelector("ol");
const box = document.getElementById("text");
const choices = document.getElementById("options");
const status = document.getElementById("status");
const typing = document.getElementById("typing");
const alarm = document.getElementById("error");
const QUICK = 300;
const SLOW = 4000;
let timer = null;
let sending = false;

const part = (tag, name, text) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
};

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

// What is being written outlives a reload, with the id it is sent under: sent once more, it is the same message.
const draft = {
  save() {
    try {
      sessionStorage.setItem("draft", JSON.stringify({ text: box.value, id: form.elements.message_id.value }));
    } catch {
      // Some browsers keep nothing for a page in a frame.
    }
  },
  restore() {
    try {
      const { text, id } = JSON.parse(sessionStorage.getItem("draft")) || {};
      if (!text || box.value) return;
      box.value = text;
      form.elements.message_id.value = id;
    } catch {
      // As above.
    }
  },
};

const draw = (message) => {
  const item = part("li", message.ours ? "ours" : "theirs", "");
  item.id = message.id;
  const text = part("span", "text", message.text);
  text.lang = message.language;
  const time = part("time", "", message.time);
  time.dateTime = message.moment;
  item.append(part("span", "who", message.ours ? log.dataset.bot : log.dataset.you), " ", text, " ", time);
  return item;
};

const offer = (options, language) => {
  for (const old of choices.querySelectorAll("button")) old.remove();
  for (const option of options) {
    const button = part("button", "", "");
    button.name = "choice";
    button.value = option.key;
    button.lang = language;
    button.formNoValidate = true;
    button.append(part("span", "key", option.key), " " + option.text);
    choices.append(button);
  }
  choices.hidden = options.length === 0;
};

const showWaiting = (waiting) => {
  typing.hidden = !waiting;
  const text = waiting ? form.dataset.waiting : "";
  // Set only when it changes: a screen reader says it each time it is set.
  if (status.textContent !== text) status.textContent = text;
};

// To the beginning of what is new, or as far down as the page goes. Not by scrollIntoView: it moves a page around us too.
const scrollTo = (item) => window.scrollTo(0, window.scrollY + item.getBoundingClientRect().top - 8);

const show = (talk) => {
  const news = talk.messages.filter((message) => !document.getElementById(message.id));
  const items = news.map(draw);
  const last = talk.messages[talk.messages.length - 1];
  showWaiting(talk.awaiting);
  if (items.length) {
    list.append(...items);
    offer(last.ours ? last.options : [], last.language);
    const ours = items.filter((item) => item.className === "ours");
    scrollTo(ours[0] || items[0]);
    tell(ours);
  }
  return talk.awaiting;
};

let latest = 0;

// With `wait` the server answers when the answer is there, or after some seconds.
const look = async (wait = false) => {
  clearTimeout(timer);
  const turn = ++latest;
  let pause = SLOW;
  let awaiting = false;
  try {
    const answer = await fetch(wait ? "/messages?wait=1" : "/messages", { headers: { Accept: "application/json" } });
    const talk = answer.ok ? await answer.json() : null;
    // Who looked after us knows more.
    if (turn !== latest) return;
    if (talk && show(talk)) {
      awaiting = true;
      pause = wait ? QUICK : 0;
    }
  } catch {
    if (turn !== latest) return;
    pause = SLOW * 2;
  }
  timer = setTimeout(look, document.hidden ? SLOW * 4 : pause, awaiting);
};

const problem = (key) => {
  // A dataset keeps the underscores of its attributes' names: data-too_long is dataset.too_long.
  alarm.textContent = form.dataset[(key || "").replace("page_error_", "")] || form.dataset.trouble;
};

// Browsers of before 2021 do not say which button sent a form.
let pressed = null;
form.addEventListener("click", (event) => { pressed = event.target.closest("button"); });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter || pressed;
  pressed = null;
  const choice = button && button.name === "choice" ? button.value : "";
  if (sending || (!choice && !box.value.trim())) return;
  sending = true;
  alarm.textContent = "";
  hush();
  const fields = new URLSearchParams(new FormData(form));
  if (choice) fields.set("choice", choice);
  try {
    const answer = await fetch("/say", { method: "POST", body: fields, headers: { Accept: "application/json" } });
    if (answer.ok) {
      if (!choice) box.value = "";
      form.elements.message_id.value = newId();
      draft.save();
      // The button that had the focus goes away. The next Tab finds the new choices, and no keyboard pops up on a phone.
      if (choice) status.focus({ preventScroll: true });
      offer([]);
      showWaiting(true);
      await look();
    } else {
      problem((await answer.json()).error);
    }
  } catch {
    problem("");
  } finally {
    sending = false;
    if (!choice) box.focus({ preventScroll: true });
  }
});

box.addEventListener("input", draft.save);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("send").click();
  }
});

document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
draft.restore();
offerReading();
look();
