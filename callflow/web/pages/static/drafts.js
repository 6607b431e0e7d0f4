// What somebody writes in a form with data-draft stays in this tab until it is saved, also if the session ends meanwhile.
// Nobody else who signs in here sees it, and signing out deletes it (session.js).
"use strict";
(() => {
  const { person } = document.currentScript.dataset;
  const mine = `draft:${person}:`, here = mine + location.pathname;
  const form = document.querySelector("form[data-draft]");
  const read = (key) => JSON.parse(sessionStorage.getItem(key) || "{}");
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith("draft:")) continue;
    if (!key.startsWith(mine) || (read(key).sent && key !== here)) sessionStorage.removeItem(key); // of others, or saved
  }
  if (!form) return;
  const fields = [...form.querySelectorAll("textarea")];
  const keep = (sent) => {
    const words = Object.fromEntries(fields.map((one) => [one.name, one.value]));
    sessionStorage.setItem(here, JSON.stringify({ words, sent }));
  };
  const { words = {} } = read(here);
  for (const one of fields) {
    if (!words[one.name] || words[one.name] === one.value) continue;
    one.value = words[one.name];
    form.querySelector("[data-restored]").hidden = false;
  }
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
})();
