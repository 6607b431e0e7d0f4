// The page of telephones: asks the emulator what has changed, and shows it and plays it.
"use strict";
import { Rehearsal } from "/_page/rehearsal.js";
import { Sound } from "/_page/sound.js";
import { Telephones } from "/_page/telephones.js";

const WAIT = 1; // seconds that a request waits for something new
const TELL = 1200; // milliseconds between two sentences for screen readers

const sound = new Sound();
const told = document.getElementById("told"), waiting = [];
const tell = (text) => { waiting.push(text); if (waiting.length > 2) waiting.shift(); };
setInterval(() => { if (waiting.length) told.textContent = waiting.shift(); }, TELL);

const telephones = new Telephones(sound, tell);
const rehearsal = new Rehearsal(sound, telephones, tell);

let emulator = "", after = 0, heard = 0, known = new Map();

async function ask() {
  const answer = await fetch(`/_changes?after=${after}&heard=${heard}&wait=${WAIT}`);
  const data = await answer.json();
  if (data.emulator !== emulator) {
    const first = emulator === "";
    emulator = data.emulator;
    telephones.clear();
    sound.another();
    known = new Map();
    if (!first) { after = heard = 0; return; } // ask again, for everything of this one
  }
  [after, heard] = [data.event, data.change];
  sound.clock(data.now, rehearsal.speed);
  for (const one of data.sounds) { if (one.end === null) known.set(one.id, one); else known.delete(one.id); }
  telephones.update(data, rehearsal.you);
  rehearsal.glow();
}

async function follow() {
  for (;;) {
    try {
      await ask();
    } catch (error) {
      await new Promise((done) => setTimeout(done, 500)); // the emulator was ended, or starts
    }
  }
}

// -- the ears

const button = document.getElementById("sound"), words = document.getElementById("sound-words");

async function switchSound(on) {
  await (on ? sound.start() : sound.stop());
  if (on) for (const one of known.values()) sound.hear(one);
  if (on) for (const card of telephones.cards.values()) sound.ring(card.phone.number, card.phone.side, card.state === "ringing");
  button.setAttribute("aria-pressed", String(sound.on));
  words.textContent = sound.on ? "Sound is on" : "Sound is off";
  document.getElementById("ears").hidden = !sound.on;
}

button.onclick = () => switchSound(!sound.on);
rehearsal.switchSound = switchSound;

setInterval(() => {
  telephones.tick();
  rehearsal.tick();
  const [left, right] = sound.levels();
  document.getElementById("left").value = Math.min(1, left * 5);
  document.getElementById("right").value = Math.min(1, right * 5);
}, 100);

window.callflowPhones = { sound, telephones, rehearsal };
follow();
rehearsal.follow();
