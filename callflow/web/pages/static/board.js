// The board: what is heard of changes, the pause, keys, questions before acts, and their answers where they were pressed.
// Without it the page works: every act is a form.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const TELL_SECONDS = 3, ANSWER_SECONDS = 12, ROTATE_SECONDS = 20, OLD_SECONDS = 5;
  let paused = false, sound = null, checked = Date.now(), asking = null;

  // -- the poll: what may be swapped, and how old what is shown is
  const ours = (event) => event.target.closest?.("[hx-get]");
  document.addEventListener("htmx:before:request", (event) => {
    if (paused && ours(event)) event.preventDefault();
  });
  document.addEventListener("htmx:before:response", (event) => {
    const status = event.detail.ctx.response.status;
    if (status < 400) checked = Date.now();
    else if (status !== 401) event.preventDefault(); // an error is not shown in the place of the board
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) checked = Math.max(checked, Date.now() - 1000); });
  // htmx tells extensions only, and no listener, of what it is about to bring up to date
  window.htmx?.registerExtension("board", { htmx_before_morph_node: (old, { newNode }) => {
    if (old.matches?.("[data-told]:not([hidden])")) return false; // an answer stays for its time
    return !(old.tagName === "TIME" && ["from", "until", "at", "leads"].every(
      (name) => old.dataset[name] === newNode.dataset?.[name])); // its clock is ticking already
  } });

  const folded = new WeakSet(); // once: what a person opens afterwards stays open
  const fold = () => {
    for (const part of all("details[data-open-from]"))
      if (matchMedia(`(min-width: ${part.dataset.openFrom}px)`).matches) part.open = true;
      else if (!folded.has(part)) part.open = false, folded.add(part);
  };
  addEventListener("resize", fold);

  setInterval(() => {
    const age = (Date.now() - checked) / 1000, time = $("#fresh time"), offline = $("#offline");
    if (time) time.dataset.from = new Date(window.callflowClock.now() - age * 1000).toISOString();
    if (!offline || paused) return;
    if (age > OLD_SECONDS + 5 && offline.hidden) $("time", offline).textContent = new Date(checked).toLocaleTimeString();
    offline.hidden = age <= OLD_SECONDS + 5;
  }, 1000);

  // -- what is said of changes: only of what needs a person, one sentence, not more often than every TELL_SECONDS
  const needs = () => new Map(all("[data-need]").map((one) => [one.id, one.dataset.need]));
  let known = needs(), waiting = [], saidAt = 0;
  const tell = () => {
    const region = $("#told");
    if (!region || !waiting.length || Date.now() - saidAt < TELL_SECONDS * 1000) return;
    region.textContent = waiting.splice(0).join(" ");
    saidAt = Date.now();
  };
  setInterval(tell, 500);
  document.addEventListener("htmx:after:swap", () => {
    const now = needs();
    const fresh = [...now].filter(([id]) => !known.has(id)), gone = [...known].filter(([id]) => !now.has(id));
    if (fresh.length) waiting.push(`Needs a person: ${fresh.map(([, said]) => said).join(" ")}`), beep();
    if (gone.length) waiting.push(`No longer: ${gone.map(([, said]) => said).join(" ")}`);
    if (gone.length && !now.size) waiting.push($(".nobody")?.firstChild.textContent.trim());
    known = now;
    tell(); fold(); rotate(0); keepAnswer();
  });

  // -- one sound for a new card, after the person has allowed it
  const beep = () => {
    if (!sound) return;
    const tone = sound.createOscillator(), volume = sound.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.0001, sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.2, sound.currentTime + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, sound.currentTime + 0.4);
    tone.connect(volume).connect(sound.destination);
    tone.start(); tone.stop(sound.currentTime + 0.45);
    document.documentElement.dataset.sounds = Number(document.documentElement.dataset.sounds || 0) + 1;
  };
  const press = (button, on) => button?.setAttribute("aria-pressed", on ? "true" : "false");
  const pause = () => {
    if (!$("#pause, #paused")) return; // the page of a call
    paused = !paused;
    press($("#pause"), paused);
    if ($("#paused")) $("#paused").hidden = !paused;
    if (!paused) checked = Date.now();
  };
  $("#pause")?.addEventListener("click", pause);
  $("#sound")?.addEventListener("click", (event) => {
    sound = sound ? void sound.close() : new AudioContext();
    press(event.currentTarget, sound);
    beep();
  });
  $("#keys")?.addEventListener("click", () => $("#keys-list").showModal());
  for (const button of all("#pause, #sound, #keys")) button.hidden = false;

  // -- acts: asked once where they change the call, answered where they were pressed
  let last = null;
  const show = (place, words, done) => {
    place.textContent = words; place.hidden = false; place.classList.toggle("wrong", !done);
    place.setAttribute("role", "status");
    clearTimeout(place.timer);
    place.timer = setTimeout(() => { place.hidden = true; }, ANSWER_SECONDS * 1000);
  };
  const keepAnswer = () => { // its card may have gone: then it stands at the row of the call, or above all
    if (!last || last.place.isConnected || last.place.hidden) return;
    last.place = $("[data-told]", document.getElementById(`call-${last.call}`) || undefined) || last.place;
    if (last.place.isConnected) show(last.place, last.words, last.done);
  };
  const answer = (form, words, done) => {
    const place = $("[data-told]", form.closest("li, section") || undefined);
    show(place, words, done);
    last = { place, words, done, call: form.elements.call?.value };
    keepAnswer();
  };
  const send = async (form, filled) => {
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(filled),
        headers: { "HX-Request": "true" } });
      if (reply.status === 401) return location.reload();
      answer(form, await reply.text(), reply.ok);
      $("[hx-get]")?.dispatchEvent(new Event("acted"));
    } catch {
      answer(form, "No answer: it may have been done. Look at the call before you press again.", false);
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches?.("form[data-act]")) return;
    event.preventDefault();
    if (button?.ariaDisabled) return answer(form, button.title, false);
    const filled = new FormData(form, button); // now: a poll behind the question brings in another state of the call
    const about = button && $(`[data-asks="${button.value}"]`)?.textContent;
    if (!about) return send(form, filled);
    asking = { form, button, filled };
    $("#ask-title").textContent = `${button.textContent}: ${form.dataset.about || $("[aria-label]", form)?.ariaLabel}?`;
    const chosen = $("select", form)?.selectedOptions[0]?.textContent;
    $("#ask-about").textContent = chosen ? `${chosen}. ${about}` : about;
    $("#ask-yes").textContent = button.textContent;
    $("#ask").returnValue = "";
    $("#ask").showModal();
    $("#ask-yes").focus();
  });
  $("#ask")?.addEventListener("close", () => {
    const { form, button, filled } = asking || {};
    asking = null;
    if (!form) return;
    const still = button.isConnected ? button : document.getElementById(form.closest("[data-row]")?.id);
    still?.focus();
    if ($("#ask").returnValue === "yes") send(form, filled);
  });

  // -- keys: they act on the row that has the focus, or has something in it that has
  const row = () => document.activeElement?.closest("[data-row]");
  const move = (by) => {
    const found = all("[data-row]").filter((one) => one.checkVisibility()), at = found.indexOf(row());
    found[Math.min(Math.max(at + by, 0), found.length - 1)]?.focus();
  };
  const doing = {
    j: () => move(1), k: () => move(-1), p: pause,
    "/": () => { const view = $(".view"); if (view) { view.open = true; $("#team")?.focus(); } },
    "?": () => $("#keys-list")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.target.matches("input, select, textarea")) return;
    if (event.key === "Escape" && $(".view[open]")) { $(".view").open = false; $(".view summary").focus(); return; }
    if (event.key === "Enter" && event.target.matches("[data-row]")) {
      const link = $("a", event.target);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key.length !== 1 || $("main").dataset.shortcuts === "off") return;
    const act = doing[event.key];
    if (act) { event.preventDefault(); act(); return; }
    const wanted = $(`[data-asks][data-key="${CSS.escape(event.key)}"]`)?.dataset.asks;
    const button = wanted && row() && $(`button[value="${wanted}"]`, row());
    if (button) { event.preventDefault(); button.click(); }
  });

  // -- the wallboard shows some cards after the others if not all fit, and stays where it is while it is paused
  let turn = 0;
  const rotate = (by) => {
    const list = $("[data-rotates]");
    if (!list || paused) return;
    const cards = [...list.children];
    const told = $("[data-rotation]");
    for (const card of cards) card.hidden = false;
    if (told) told.hidden = true;
    if (list.scrollHeight <= list.clientHeight + 1) { turn = 0; return; }
    const fit = Math.max(1, cards.filter((one) => one.offsetTop + one.offsetHeight <= list.offsetTop + list.clientHeight).length);
    turn = (turn + by) % Math.ceil(cards.length / fit);
    cards.forEach((card, place) => { card.hidden = Math.floor(place / fit) !== turn; });
    if (told) told.hidden = false, told.textContent = `${turn * fit + 1} to ${Math.min((turn + 1) * fit, cards.length)} of ${cards.length}; the others follow`;
  };
  setInterval(() => rotate(1), ROTATE_SECONDS * 1000);

  fold(); rotate(0);
  $("#answer")?.focus();
})();
