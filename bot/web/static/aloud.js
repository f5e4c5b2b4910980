// Reads messages aloud, with a voice of the device itself: those of others would send what is read to their makers.
const speech = window.speechSynthesis;
const ACCENTS = { nl: "nl-nl", en: "en-gb" };
// Some browsers fall silent in a text of more than a quarter of a minute.
const SENTENCE = /\S[^\n]*?(?:[.!?](?=\s|$)|$)/gm;
const log = document.getElementById("log");
let reading = null;
let waiting = [];

const tongue = (voice) => voice.lang.toLowerCase().replace("_", "-");

const voiceFor = (language) => {
  const fitting = speech.getVoices().filter((voice) => voice.localService && tongue(voice).split("-")[0] === language);
  return fitting.find((voice) => tongue(voice) === ACCENTS[language]) || fitting[0];
};

const label = (button, word) => {
  button.textContent = word;
  button.setAttribute("aria-label", `${word}, ${button.closest("li").querySelector("time").textContent}`);
};

export const hush = () => {
  waiting = [];
  if (!reading) return;
  label(reading, log.dataset.read);
  reading = null;
  speech.cancel();
};

const read = (button) => {
  const text = button.closest("li").querySelector(".text");
  const voice = voiceFor(text.lang);
  const sentences = text.textContent.match(SENTENCE) || [];
  if (!voice || !sentences.length) return;
  reading = button;
  label(button, log.dataset.stop);
  const done = () => {
    if (reading !== button) return;
    const [next, ...later] = waiting;
    hush();
    waiting = later;
    if (next) read(next);
  };
  sentences.forEach((sentence, number) => {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.9;
    if (number === sentences.length - 1) said.onend = done;
    said.onerror = done;
    speech.speak(said);
  });
};

const addButton = (item) => {
  const place = item.querySelector(".read") || document.createElement("span");
  if (place.firstChild) return;
  // Who has the messages read by a screen reader is not told of a button with each.
  place.className = "read";
  place.setAttribute("aria-live", "off");
  item.append(place);
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", () => {
    const stop = reading === button;
    hush();
    if (!stop) read(button);
  });
  place.append(button);
  label(button, log.dataset.read);
};

const canRead = (item) => Boolean(speech && voiceFor(item.querySelector(".text").lang));

// Puts a button with those of our messages that can be read; browsers tell only after a while which voices there are.
export const offerReading = () => {
  const items = Array.from(log.querySelectorAll("li.ours")).filter(canRead);
  items.forEach(addButton);
  const able = Boolean(speech && voiceFor(document.documentElement.lang));
  document.querySelector("#looks [data-name=aloud]").hidden = !able && !items.length;
};

// New messages of ours: read when everything is to be read, after what is being read.
export const tell = (items) => {
  offerReading();
  if (document.documentElement.dataset.aloud !== "on") return;
  waiting.push(...items.map((item) => item.querySelector(".read button")).filter(Boolean));
  if (!reading && waiting.length) read(waiting.shift());
};

if (speech) {
  speech.onvoiceschanged = offerReading;
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
  window.addEventListener("pagehide", hush);
}
