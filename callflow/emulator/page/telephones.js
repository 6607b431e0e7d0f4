// One card for each telephone, and the rooms that their people are in.
"use strict";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMES = { "*": "star", "#": "hash" };
const CHIPS = {
  left: ["Yes.", "No.", "This is outrageous!", "I want your supervisor!"],
  centre: ["How can I help?", "I am sorry.", "Let me look at that."],
  right: ["I am listening.", "I take it from here."],
};
const STATES = { free: ["", "on the hook"], ringing: ["now", "rings"], calling: ["now", "calls"], talking: ["done", "on the line"] };
const KEPT = 4;
const WORDLESS = { music: "(music)", ringing: "(ringing tone)", beep: "(a beep)" };

export async function post(path, values) {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(values) });
  return answer.ok ? "" : (await answer.json()).message;
}

const show = (element, text) => { if (element.textContent !== text) element.textContent = text; };

export class Telephones {
  constructor(sound, tell) {
    this.sound = sound;
    this.tell = tell;
    this.cards = new Map(); // number -> {element, ...}
    this.local = new Map(); // number -> keys pressed here, whose sound has been heard
  }

  clear() {
    for (const side of ["left", "centre", "right"]) document.getElementById(`side-${side}`).replaceChildren();
    this.cards.clear();
    this.local.clear();
  }

  card(phone) {
    if (this.cards.has(phone.number)) return this.cards.get(phone.number);
    const element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    const find = (selector) => element.querySelector(selector);
    const path = `/_phones/${encodeURIComponent(phone.number)}`;
    const card = { element, phone, sounds: new Map(), lines: [], state: "", find };
    const act = async (what, values = {}) => {
      const wrong = await post(`${path}/${what}`, values);
      if (wrong) this.line(card, wrong);
    };
    element.setAttribute("aria-label", `${phone.name}'s telephone`);
    show(find("h3"), phone.name);
    show(find(".role"), phone.role === phone.name ? "" : phone.role);
    find(".line").append(...phone.lines.map((one) => new Option(one)));
    find(".line").setAttribute("aria-label", `Number that ${phone.name} calls`);
    find(".call").onclick = () => act("call", { to: find(".line").value });
    for (const what of ["answer", "decline", "hang_up"]) find(`.${what}`).onclick = () => act(what);
    for (const what of ["call", "answer", "decline", "hang_up"]) {
      find(`.${what}`).setAttribute("aria-label", `${find(`.${what}`).textContent}: ${phone.name}`);
    }
    find(".keypad").setAttribute("aria-label", `Keys of ${phone.name}'s telephone`);
    card.keys = new Map(KEYS.map((key) => {
      const button = document.createElement("button");
      button.textContent = key;
      button.setAttribute("aria-label", NAMES[key] || key);
      button.onclick = () => this.press(card, key);
      find(".keypad").append(button);
      return [key, button];
    }));
    find(".chips").setAttribute("aria-label", `What ${phone.name} says`);
    for (const words of CHIPS[phone.side]) {
      const chip = document.createElement("button");
      chip.textContent = words;
      chip.onclick = () => act("say", { text: words });
      find(".chips").append(chip);
    }
    find("input").setAttribute("aria-label", `${phone.name} says`);
    find("input").placeholder = "Or in other words";
    find("form").onsubmit = (event) => {
      event.preventDefault();
      const text = find("input").value.trim();
      find("input").value = "";
      if (text) act("say", { text });
    };
    // Keys work wherever the focus is in this telephone, and nowhere else (WCAG 2.1.4).
    element.onkeydown = (event) => {
      if (event.target.tagName !== "INPUT" && !event.ctrlKey && !event.metaKey && KEYS.includes(event.key)) {
        event.preventDefault();
        this.press(card, event.key);
      }
    };
    document.getElementById(`side-${phone.side}`).append(element);
    this.cards.set(phone.number, card);
    return card;
  }

  async press(card, key) {
    if (card.state !== "talking") return;
    this.local.set(card.phone.number, (this.local.get(card.phone.number) || 0) + 1);
    this.sound.key(key, card.phone.side);
    const wrong = await post(`/_phones/${encodeURIComponent(card.phone.number)}/press`, { keys: key });
    if (wrong) this.line(card, wrong);
  }

  // What has changed, as /_changes answers it.
  update(data, you) {
    for (const phone of data.phones) {
      const card = this.card(phone);
      card.phone = phone;
      this.state(card, you);
    }
    const both = [...data.sounds.map((one) => [one.end ?? one.start, () => this.heard(one)]),
      ...data.events.map((one) => [one.second, () => this.happened(one)])];
    for (const [, told] of both.sort((a, b) => a[0] - b[0])) told();
    this.rooms(data);
  }

  state(card, you) {
    const { element, phone, find } = card;
    element.classList.toggle("you", phone.number === you);
    if (card.state === phone.state) return;
    card.state = element.dataset.state = phone.state;
    const [mark, words] = STATES[phone.state], focused = element.contains(document.activeElement);
    find(".state").className = `mark state ${mark}`;
    show(find(".state"), words);
    find(".call").hidden = phone.state !== "free" || !phone.lines.length;
    find(".line").hidden = find(".call").hidden || phone.lines.length < 2;
    find(".answer").hidden = find(".decline").hidden = phone.state !== "ringing";
    find(".hang_up").hidden = !["talking", "calling"].includes(phone.state);
    // What was pressed may be gone now: the focus stays in this telephone.
    const lost = !element.contains(document.activeElement) || !document.activeElement.checkVisibility();
    if (focused && lost) element.querySelector(".act:not([hidden])")?.focus();
    if (phone.state === "ringing") this.tell(`${phone.name}'s telephone rings.`);
    if (phone.state === "free") card.sounds.clear();
    this.sound.ring(phone.number, phone.side, phone.state === "ringing");
    this.display(card);
  }

  heard(sound) {
    const card = this.cards.get(sound.phone);
    if (!card) return;
    const text = WORDLESS[sound.kind] || sound.text, before = card.sounds.get(sound.id);
    if (["people", "silence", "pause", "tone"].includes(sound.kind)) return;
    if (sound.end === null) card.sounds.set(sound.id, { ...sound, text });
    else card.sounds.delete(sound.id);
    if (sound.end === null && ["say", "play"].includes(sound.kind)) this.tell(`${card.phone.name} hears: ${text}`);
    const said = sound.kind === "speech" || sound.kind === "beep";
    if (sound.end !== null && (said || (before && !WORDLESS[sound.kind]) || !before)) {
      this.line(card, sound.kind === "speech" ? `hears “${text}”` : sound.complete ? text : `${text} …cut`, text);
    }
    if (sound.kind !== "speech") this.sound.hear(sound);
    this.display(card);
  }

  happened(event) {
    const card = this.cards.get(event.phone);
    if (!card) return;
    if (event.event === "Pressed") {
      this.line(card, `pressed ${event.key}`);
      const here = this.local.get(event.phone) || 0;
      if (here) this.local.set(event.phone, here - 1);
      else if (this.sound.now() - event.second < 2) this.sound.key(event.key, event.side, event.second);
    }
    if (event.event === "Spoke") {
      this.line(card, `said “${event.text}”`);
      this.tell(`${card.phone.name} says: ${event.text}`);
      this.sound.hear({ ...event, id: `said ${event.number}`, kind: "speech", start: event.second, end: null });
    }
    if (event.event === "HungUp") this.line(card, event.by === "phone" ? "hung up" : "the line ended");
  }

  line(card, text) {
    if (card.lines[0] === text) return;
    card.lines = [text, ...card.lines].slice(0, KEPT);
    this.display(card);
  }

  display(card) {
    card.current = [...card.sounds.values()].pop();
    show(card.find(".heard"), card.current ? card.current.text : card.with ? `with ${card.with}` : "");
    card.find(".display").hidden = !card.current && !card.with && !card.lines.length;
    const lines = card.lines.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    card.find(".before").replaceChildren(...lines);
  }

  // Ten times a second: how far what is heard has come.
  tick() {
    for (const card of this.cards.values()) {
      const { current } = card, bar = card.find("progress");
      bar.value = current && current.seconds ? Math.min(1, Math.max(0, (this.sound.now() - current.start) / current.seconds)) : 0;
    }
  }

  glow(number, key) {
    for (const card of this.cards.values()) {
      for (const [name, button] of card.keys) {
        const glows = card.phone.number === number && name === key;
        button.classList.toggle("glows", glows);
        button.setAttribute("aria-label", `${NAMES[name] || name}${glows ? ", press this now" : ""}`);
      }
    }
  }

  rooms(data) {
    const name = (number) => data.phones.find((one) => one.number === number)?.name || number;
    const boxes = data.rooms.filter((room) => room.people.length).map((room) => {
      const heard = room.people.filter((one) => !one.held);
      const together = room.started && heard.length > 1;
      const words = together ? "hear each other" : "alone in the room";
      return { kind: together ? "together" : "", words, people: room.people.map((one) => name(one.phone)) };
    });
    for (const phone of data.phones) {
      const others = data.rooms.filter((room) => room.started && room.people.some((one) => one.phone === phone.number && !one.held))
        .flatMap((room) => room.people.filter((one) => one.phone !== phone.number && !one.held)).map((one) => name(one.phone));
      const card = this.cards.get(phone.number), together = others.join(", ");
      if (card.with !== together) { card.with = together; this.display(card); }
      if (phone.state === "free" || phone.room) continue;
      const { current } = card;
      const words = phone.state === "ringing" ? "rings" : !current ? "on the line, alone"
        : current.text === "(music)" ? "hears music" : "hears a line that nobody else hears";
      boxes.push({ kind: "wait", words, people: [phone.name] });
    }
    const key = JSON.stringify(boxes);
    if (key === this.drawn) return;
    this.drawn = key;
    document.getElementById("nobody").hidden = boxes.length > 0;
    document.getElementById("rooms").replaceChildren(...boxes.map((box) => {
      const item = Object.assign(document.createElement("li"), { className: box.kind });
      const people = Object.assign(document.createElement("ul"), { className: "people" });
      people.append(...box.people.map((one) => Object.assign(document.createElement("li"), { textContent: one })));
      item.append(people, Object.assign(document.createElement("span"), { className: "small", textContent: box.words }));
      return item;
    }));
  }
}
