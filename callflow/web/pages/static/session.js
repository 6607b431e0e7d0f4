// A session ends when nobody uses its page: moves, presses or types, which is told every four minutes at most. Two minutes
// before the end the page says so.
"use strict";
(() => {
  const { still, ends } = document.currentScript.dataset;
  const sent = Date.parse(document.documentElement.dataset.now);
  const skew = Number.isNaN(sent) ? 0 : sent - Date.now();
  const warning = document.getElementById("session-ends");
  let end = Date.parse(ends);
  let told = Date.now();

  const tell = async () => {
    told = Date.now();
    const reply = await fetch(still, { method: "POST" }).catch(() => null);
    if (reply?.status === 401) return location.reload();
    if (reply?.ok) end = Date.parse((await reply.json()).ends);
    return look();
  };
  const look = () => {
    const left = end - (Date.now() + skew);
    warning.hidden = left > 120000;
    if (left < -2000) location.reload(); // the server leads to the sign-in, and back here
  };

  for (const use of ["pointermove", "pointerdown", "keydown"]) {
    addEventListener(use, () => { if (Date.now() - told > 240000) tell(); }, { passive: true });
  }
  warning.querySelector("button").addEventListener("click", tell);
  setInterval(look, 10000);
  document.querySelector(".bar form")?.addEventListener("submit", () => sessionStorage.clear());
})();
