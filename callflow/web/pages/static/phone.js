// The telephone of the desk: the provider's library rings here, and the buttons answer, mute and hang up. What the keypad
// does is done by the buttons of the desk, so no tones are sent.
"use strict";
(() => {
  const part = (name) => document.getElementById(`phone-${name}`);
  const panel = document.getElementById("phone");
  const [state, said] = [part("state"), part("said")];
  const buttons = { answer: part("answer"), mute: part("mute"), end: part("end"), ear: part("ear") };
  const KEPT = "callflow-soft-ear";
  let soft = localStorage.getItem(KEPT) !== "off";
  let call = null;
  let heard = null; // the element that plays the other side
  let stop = null; // ends the soft ear of this call

  const tell = (mark, word, sentence) => {
    state.className = `mark ${mark}`;
    state.textContent = word;
    said.textContent = sentence;
  };
  const show = (...names) => {
    for (const name of ["answer", "mute", "end"]) buttons[name].hidden = !names.includes(name);
  };

  const listen = () => {
    stop?.();
    stop = null;
    const stream = call?.getRemoteStream?.();
    if (soft && stream && heard) stop = window.callflowEar.soften(stream, heard);
    buttons.ear.setAttribute("aria-pressed", String(soft));
    buttons.ear.textContent = `Soft ear: ${soft ? "on" : "off"}`;
  };
  const switchEar = () => {
    soft = !soft;
    localStorage.setItem(KEPT, soft ? "on" : "off");
    listen();
  };

  const over = () => {
    call = null;
    heard = null;
    listen();
    show();
    tell("done", "Ready", "Calls ring here.");
  };
  const rings = (incoming) => {
    call = incoming;
    show("answer", "end");
    tell("now", "Ringing", "A call for you.");
    call.on("audio", (element) => { heard = element; listen(); });
    call.on("accept", () => {
      show("mute", "end");
      tell("done", "On a call", "");
      listen();
    });
    for (const end of ["disconnect", "cancel", "reject"]) call.on(end, over);
    call.on("error", (error) => tell("lock", "Trouble", `The call has a fault (${error.code}).`));
  };

  const token = async () => {
    const answer = await fetch(panel.dataset.token, { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).token;
  };
  const begin = async () => {
    const device = new Twilio.Device(await token(), { closeProtection: true, logLevel: "error" });
    device.on("registered", () => { if (!call) over(); });
    device.on("unregistered", () => tell("lock", "Away", "This browser is not connected: calls do not ring here."));
    device.on("error", (error) => tell("lock", "Trouble", `The telephone does not work (${error.code}).`));
    device.on("incoming", rings);
    device.on("tokenWillExpire", async () => device.updateToken(await token()));
    await device.register();
  };

  buttons.answer.addEventListener("click", () => call?.accept());
  buttons.end.addEventListener("click", () => (call?.status() === "pending" ? call.reject() : call?.disconnect()));
  buttons.mute.addEventListener("click", () => {
    const muted = !call?.isMuted();
    call?.mute(muted);
    buttons.mute.setAttribute("aria-pressed", String(muted));
    buttons.mute.textContent = muted ? "You are muted" : "Mute me";
  });
  buttons.ear.addEventListener("click", switchEar);
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && event.code === "KeyS") {
      event.preventDefault();
      switchEar();
    }
  });
  listen();
  begin().catch(() => tell("lock", "Not connected", "The telephone cannot be reached. Load the page again in a moment."));
})();
