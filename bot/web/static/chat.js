// Makes the page better where a browser allows it; without this script the form works all the same.
"use strict";

(() => {
  const form = document.getElementById("say");
  const log = document.getElementById("log");
  const list = log.querySelector("ol");
  const box = document.getElementById("text");
  const choices = document.getElementById("options");
  const status = document.getElementById("status");
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

  const draw = (message) => {
    const item = part("li", message.ours ? "ours" : "theirs", "");
    item.id = message.id;
    const time = part("time", "", message.time);
    time.dateTime = message.moment;
    item.append(part("span", "who", message.ours ? log.dataset.bot : log.dataset.you), " ", part("span", "text", message.text), " ", time);
    return item;
  };

  const offer = (options) => {
    for (const old of choices.querySelectorAll("button")) old.remove();
    for (const option of options) {
      const button = part("button", "", "");
      button.name = "choice";
      button.value = option.key;
      button.formNoValidate = true;
      button.append(part("span", "key", option.key), " " + option.text);
      choices.append(button);
    }
    choices.hidden = options.length === 0;
  };

  const show = (talk) => {
    let news = false;
    for (const message of talk.messages) {
      if (document.getElementById(message.id)) continue;
      list.append(draw(message));
      news = true;
    }
    const last = talk.messages[talk.messages.length - 1];
    if (news) {
      offer(last && last.ours ? last.options : []);
      document.getElementById("end").scrollIntoView({ block: "end" });
    }
    status.textContent = talk.awaiting ? form.dataset.waiting : "";
    return talk.awaiting;
  };

  const look = async () => {
    clearTimeout(timer);
    let wait = SLOW;
    try {
      const answer = await fetch("/messages", { headers: { Accept: "application/json" } });
      if (answer.ok && show(await answer.json())) wait = QUICK;
    } catch {
      wait = SLOW * 2;
    }
    timer = setTimeout(look, document.hidden ? SLOW * 4 : wait);
  };

  const problem = (key) => {
    // A dataset keeps the underscores of its attributes' names: data-too_long is dataset.too_long.
    alarm.textContent = form.dataset[(key || "").replace("page_error_", "")] || form.dataset.trouble;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choice = event.submitter && event.submitter.name === "choice" ? event.submitter.value : "";
    if (sending || (!choice && !box.value.trim())) return;
    sending = true;
    alarm.textContent = "";
    const fields = new URLSearchParams(new FormData(form));
    if (choice) fields.set("choice", choice);
    try {
      const answer = await fetch("/say", { method: "POST", body: fields, headers: { Accept: "application/json" } });
      if (answer.ok) {
        if (!choice) box.value = "";
        form.elements.message_id.value = newId();
        offer([]);
        status.textContent = form.dataset.waiting;
        await look();
      } else {
        problem((await answer.json()).error);
      }
    } catch {
      problem("");
    } finally {
      sending = false;
      box.focus();
    }
  });

  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("send"));
    }
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
})();
