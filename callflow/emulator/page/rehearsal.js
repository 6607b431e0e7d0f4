// What surrounds the telephones in a rehearsal: the guide, the server, the journal, and the choice of scenarios.
// An emulator alone has none of it, and then none of it is shown.
"use strict";
import { post } from "/_page/telephones.js";

const EVERY = 250; // milliseconds
const BEATS = [
  ["It rings", ["arriving", "ringing"]], ["Take the call", ["offer", "angry"]], ["Press *", ["star", "menu"]],
  ["The caller is asked", ["asked", "agreed"]], ["Time out", ["holding"]], ["Back, as promised", ["back"]],
  ["Server dead", ["killing", "killed"]], ["Back, all the same", ["kept"]],
];
const KEY = { "*": "star", "#": "hash" };
const find = (id) => document.getElementById(id);
const show = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const act = async (what, values = {}) => {
  const wrong = await post(`/_rehearsal/${what}`, values);
  find("wrong").hidden = !wrong;
  show(find("wrong"), wrong);
};
const seconds = (value) => {
  const whole = Math.max(0, value);
  return whole < 60 ? `${whole.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${Math.floor(whole % 60)} s`;
};

export class Rehearsal {
  constructor(sound, telephones, tell) {
    Object.assign(this, { sound, telephones, tell, shown: null, speed: 1, you: "", does: null, journal: 0, beat: "" });
    find("next").onclick = () => this.does && this.does();
    find("kill").onclick = () => act("kill");
    find("start").onclick = () => act("start_server");
    find("step").onclick = () => act("step");
    find("again").onclick = async () => {
      show(find("again"), "Starting over ...");
      await act("start_over");
      show(find("again"), "Start over");
    };
    find("scenario").onchange = (event) => act("choose", { scenario: event.target.value });
    find("recorded").onclick = (event) => {
      const name = window.prompt("What is the scenario called?", "a call that I played");
      if (name === null) event.preventDefault();
      else find("recorded").href = `/_rehearsal/recorded.yaml?name=${encodeURIComponent(name)}`;
    };
  }

  async follow() {
    for (;;) {
      try {
        const answer = await fetch(`/_rehearsal?v=${this.shown ? this.shown.v : ""}`);
        const shown = answer.status === 200 ? await answer.json() : null;
        if (shown && shown.kind === "alone") return;
        if (shown) this.update(shown);
      } catch (error) { /* the page's server was ended, or starts */ }
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  update(shown) {
    const before = this.shown;
    this.shown = shown;
    this.speed = shown.speed;
    this.you = shown.guide ? shown.guide.you : "";
    this.choices(shown, before);
    this.server(shown.server);
    this.guide(shown);
    this.written(shown.journal);
    find("outcome").hidden = !shown.outcome;
    show(find("outcome"), [shown.outcome, ...shown.happened].join(" "));
    find("recorded").hidden = shown.kind !== "live" || !shown.recorded;
  }

  choices(shown, before) {
    find("controls").hidden = false;
    if (!before) {
      const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
      find("scenario").replaceChildren(option("", "Live: a real server process, and you play everybody"),
        ...shown.scenarios.map((one) => option(one.id, `${one.name} (${one.id})`)));
      find("speeds").append(...shown.speeds.map((speed) => {
        const button = Object.assign(document.createElement("button"), { textContent: speed ? `${speed}×` : "Pause" });
        button.dataset.speed = speed;
        button.onclick = () => act("pace", { speed });
        return button;
      }));
    }
    find("scenario").value = shown.chosen;
    find("speeds").hidden = find("step").hidden = shown.kind === "live";
    for (const button of find("speeds").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === shown.speed));
    }
  }

  server(server) {
    find("server").hidden = !server;
    if (!server) return;
    find("server-mark").className = `mark ${server.pid ? "done" : server.starting ? "now" : "lock"}`;
    show(find("server-mark"), server.pid ? "running" : server.starting ? "starting" : "dead");
    show(find("server-words"), server.wrong || (server.pid ? `callflow serve, process ${server.pid}`
      : "No process of ours runs. Calls live on their documents."));
    find("kill").disabled = !server.pid;
    find("start").disabled = Boolean(server.pid) || server.starting;
  }

  guide(shown) {
    const { guide } = shown;
    find("guide").hidden = !guide;
    if (!guide) { this.does = null; return; }
    const at = BEATS.findIndex(([, beats]) => beats.includes(guide.beat));
    find("beats").replaceChildren(...BEATS.map(([words], number) => Object.assign(document.createElement("li"), {
      className: `mark ${number < at || guide.beat === "kept" ? "done" : number === at ? "now" : ""}`, textContent: words,
    })));
    show(find("words"), guide.words);
    if (guide.beat !== this.beat) {
      this.beat = guide.beat;
      this.tell(guide.words);
    }
    find("guide").className = `guide ${guide.beat === "killed" ? "alarm" : ["back", "kept"].includes(guide.beat) ? "well" : ""}`;
    this.button(guide, shown.server);
    this.glow();
  }

  button(guide, server) {
    const press = (key) => () => {
      const card = this.telephones.cards.get(guide.you);
      if (card) this.telephones.press(card, key);
    };
    const begin = () => { this.switchSound(true); act("begin"); };
    const next = guide.glows ? [`Press ${guide.glows}`, press(guide.glows), KEY[guide.glows]]
      : guide.beat === "ready" ? ["Take the call", begin]
      : guide.beat === "back" && server.pid ? ["Now kill the server", () => act("kill")]
      : ["kept", "over"].includes(guide.beat) && !server.pid ? ["Start the server again", () => act("start_server")]
      : ["kept", "over", "free"].includes(guide.beat) ? ["Take another call", begin] : null;
    this.does = next && next[1];
    // It stays where it is, so that neither the page jumps nor the focus is lost.
    find("next").setAttribute("aria-disabled", String(!next));
    show(find("next"), next ? next[0] : "Listen");
    if (next && next[2]) find("next").setAttribute("aria-label", `Press ${next[2]}`);
    else find("next").removeAttribute("aria-label");
  }

  glow() {
    const guide = this.shown && this.shown.guide;
    this.telephones.glow(guide ? guide.you : "", guide ? guide.glows : "");
  }

  // Ten times a second: the promise that was made to the caller.
  tick() {
    const guide = this.shown && this.shown.guide, promised = guide && guide.promised;
    const shows = promised && (guide.back === null || ["back", "kept"].includes(guide.beat));
    find("promise").hidden = !shows;
    if (!shows) return;
    if (guide.back) {
      const early = promised - guide.back;
      show(find("promise-words"), "back, before the promised second by");
      if (early < 0) show(find("promise-words"), "late by");
      show(find("promise-clock"), seconds(Math.abs(early)));
    } else {
      show(find("promise-words"), "the caller is back in");
      show(find("promise-clock"), seconds(Math.ceil((promised - this.sound.now()) * 10) / 10));
    }
  }

  written(rows) {
    find("journal-panel").hidden = false;
    const list = find("journal"), box = find("written");
    if (rows.length < list.children.length) list.replaceChildren();
    const bottom = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    for (const row of rows.slice(list.children.length)) {
      const item = Object.assign(document.createElement("li"), { className: "new" });
      const part = (tag, text, name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name });
      const key = row.key && !["key", "speech"].includes(row.key) ? ` (key ${row.key})` : row.key ? ` (by ${row.key})` : "";
      item.append(part("time", row.at), part("span", `${row.actor}: ${row.kind}${row.outcome ? `, ${row.outcome}` : ""}${key}`));
      const more = [row.script, row.details].filter(Boolean).join(" · ");
      if (more) item.append(part("span", more, "quiet small more"));
      list.append(item);
    }
    if (bottom) box.scrollTop = box.scrollHeight;
  }
}
