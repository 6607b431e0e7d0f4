// Ticks every <time data-from="..."> (how long ago) and <time data-until="..."> (how long yet, after the word of data-leads, or how late), by the server's clock.
// <time data-at="..."> is that time of day, here (data-seconds: to the second). All are ISO 8601 with a zone. The words are those of `words` below: "12 s", "3 min 05 s", "2 h 10 min", "3 d 4 h".
"use strict";
(() => {
  const sent = Date.parse(document.documentElement.dataset.now);
  const skew = Number.isNaN(sent) ? 0 : sent - Date.now();

  const words = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const [minutes, hours, days] = [Math.floor(whole / 60), Math.floor(whole / 3600), Math.floor(whole / 86400)];
    if (days) return `${days} d ${hours % 24} h`;
    if (hours) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
    if (minutes) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
    return `${whole} s`;
  };

  const ofDay = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
  const toTheSecond = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const show = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const tick = () => {
    const now = Date.now() + skew;
    for (const element of document.querySelectorAll("time[data-from]")) {
      show(element, words((now - Date.parse(element.dataset.from)) / 1000));
    }
    for (const element of document.querySelectorAll("time[data-until]")) {
      const left = (Date.parse(element.dataset.until) - now) / 1000;
      element.classList.toggle("over", left < 0);
      const leads = element.dataset.leads ? `${element.dataset.leads} ` : "";
      show(element, left < 0 ? `${words(-left)} late` : leads + words(Math.ceil(left)));
    }
    for (const element of document.querySelectorAll("time[data-at]")) {
      show(element, (element.dataset.seconds === undefined ? ofDay : toTheSecond).format(Date.parse(element.dataset.at)));
    }
  };

  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
  window.callflowClock = { words, now: () => Date.now() + skew };
})();
