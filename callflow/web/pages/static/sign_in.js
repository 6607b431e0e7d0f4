// Passkeys, invitations and links of wallboards. Secrets of links stand behind the #, so no server log has them.
"use strict";
(() => {
  const part = (name) => document.getElementById(name);
  const token = location.hash.slice(1);

  const post = async (url, content = {}) => {
    const reply = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
    });
    const said = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Error(said.why || "The server cannot answer just now. Please try again in a moment.");
    return said;
  };

  const tell = (place, error) => {
    const wrong = place.querySelector("[data-wrong]");
    const given_up = error.name === "NotAllowedError" || error.name === "AbortError";
    const known = error.name === "InvalidStateError" ? "This device has a passkey of yours already: sign in with it." : error.message;
    wrong.textContent = given_up ? "Your device has not confirmed it. You can try again." : known;
    wrong.hidden = false;
  };

  const run = (place, button, work) => async (event) => {
    event.preventDefault();
    button.disabled = true;
    place.querySelector("[data-wrong]").hidden = true;
    try {
      location.assign((await work()).next);
    } catch (error) {
      tell(place, error);
      button.disabled = false;
      button.focus();
    }
  };

  const signIn = part("passkey");
  if (signIn && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    const button = signIn.querySelector("[data-passkey]");
    button.disabled = false;
    button.addEventListener("click", run(signIn, button, async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post(signIn.dataset.ask));
      const answer = await navigator.credentials.get({ publicKey });
      return post(signIn.dataset.answer, { answer: answer.toJSON(), next: signIn.dataset.next });
    }));
  } else if (signIn) {
    tell(signIn, new Error("This browser is too old for passkeys. Use a password, or another browser."));
  }

  const invited = part("invitation");
  if (invited) post(invited.dataset.ask, { token }).then((found) => {
    invited.querySelector("[data-name]").textContent = `, ${found.name}`;
    invited.querySelector("[data-person]").textContent = found.person;
    invited.querySelector("[data-choices]").hidden = false;
    const form = invited.querySelector("[data-password]");
    form.elements.person.value = found.person;
    form.addEventListener("submit", run(invited, form.querySelector("button"), () =>
      post(invited.dataset.passwordAnswer, { token, password: form.elements.password.value })));
    const button = invited.querySelector("[data-passkey]");
    button?.addEventListener("click", run(invited, button, async () => {
      const { options } = await post(invited.dataset.ask, { token });
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
      const answer = await navigator.credentials.create({ publicKey });
      return post(invited.dataset.passkeyAnswer, { token, answer: answer.toJSON() });
    }));
  }).catch((error) => tell(invited, error));

  const wall = part("wall");
  if (wall) post(wall.dataset.answer, { token }).then((found) => location.replace(found.next), (error) => tell(wall, error));
})();
