// Says when a page that asks by itself has had no answer for a while, because what it shows may be over by now.
"use strict";
(() => {
  const LATE = 6000;
  let last = Date.now();
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status ?? 0;
    if (status >= 200 && status < 400) last = Date.now();
  });
  setInterval(() => {
    const note = document.getElementById("stale");
    if (note && note.hidden !== (Date.now() - last < LATE)) note.hidden = Date.now() - last < LATE;
  }, 1000);
})();
