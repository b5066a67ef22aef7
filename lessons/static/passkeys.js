/* A form with data-passkey asks the browser for a passkey before it goes, and carries the answer along. Forms stay hidden
   where the browser has none, or the address is one of numbers. Words come from the page, never from here. */
(() => {
  "use strict";
  const named = !/^[\d.]+$|:/.test(location.hostname);
  const can = window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials;
  if (!can || !named) return;
  const read = { get: "parseRequestOptionsFromJSON", create: "parseCreationOptionsFromJSON" };

  async function answer(form) {
    const how = form.dataset.passkey;
    const asked = await fetch(`${form.action}/options`, {
      method: "POST", headers: { "X-CSRF-Token": form.elements.csrf_token.value },
    });
    if (!asked.ok) return false;
    const publicKey = PublicKeyCredential[read[how]](await asked.json());
    form.elements.answer.value = JSON.stringify((await navigator.credentials[how]({ publicKey })).toJSON());
    return true;
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    (form.closest("[data-passkeys]") || form).hidden = false;
    form.hidden = false;
    const told = form.querySelector("[role=status]");
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      told.textContent = "";
      try { if (await answer(form)) return form.submit(); } catch { /* the person closed it, or none is here */ }
      told.textContent = form.dataset.told;
      form.querySelectorAll("button").forEach((one) => { one.disabled = false; });
    });
  });
})();
