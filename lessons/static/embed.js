/* The frame in a CRM. It listens to the page around it alone, and to that only where its site is listed; it answers to
   that site by name. In: lessons:start {token}, lessons:case {external_id, text, channel, category, customer_ref}.
   Out: lessons:ready, lessons:started, lessons:use {external_id, lesson, edition, category, documentation},
   lessons:expired. */
(() => {
  "use strict";
  const { origins, lang, card } = document.body.dataset, listed = origins.split(" ").filter(Boolean);
  const [status, list, shown] = ["status", "list", "shown"].map((name) => document.querySelector(`[data-${name}]`));
  let host = "", token = "", mine = null, begun = 0, met = false, asked = "", turn = 0, soon;

  const tell = (type, more = {}) => host && window.parent.postMessage({ type: `lessons:${type}`, ...more }, host);
  const say = (what) => { status.textContent = status.dataset[what] || ""; };
  async function call(path, body) {
    const answer = await fetch(`/embed/${path}?lang=${lang}`, {
      method: body ? "POST" : "GET", credentials: "omit", cache: "no-store", body: body && JSON.stringify(body),
      headers: { Authorization: `Embed ${token}`, ...(body && { "Content-Type": "application/json" }) },
    }).catch(() => null);
    if (answer?.status === 401) { say("old"); tell("expired"); } else if (answer?.status === 429) say("slow"); else if (!answer?.ok) say("lost");
    return answer?.ok ? answer : null;
  }
  const took = (kind) => begun && call("sightings", { kind, milliseconds: Math.min(3600000, Math.round(performance.now() - begun)) });

  async function suggest() {
    const text = mine.text.trim(), now = ++turn;
    if (text === asked) return;
    asked = text;
    if (!text) { list.replaceChildren(); say("waits"); return; }
    const answer = await call("suggest", { text: text.slice(0, 4000) });
    if (!answer) { if (now === turn) asked = ""; return; }
    const html = await answer.text();
    if (now !== turn) return; // words that came later are answered already
    list.innerHTML = html;
    say(list.querySelector("[data-open]") ? "" : "none");
  }
  async function show(code) {
    const answer = await call(`card/${encodeURIComponent(code)}`);
    if (!answer) return;
    shown.innerHTML = await answer.text();
    list.hidden = true;
    for (const use of shown.querySelectorAll("[data-use]")) use.hidden = !mine;
    shown.querySelector("[data-back]").hidden = !list.children.length;
    shown.focus();
    if (!met) { met = true; took("first_card"); }
  }
  function back() {
    const code = shown.querySelector("[data-back]")?.dataset.back;
    shown.replaceChildren();
    list.hidden = false;
    list.querySelector(`[data-open="${CSS.escape(code || "")}"]`)?.focus();
  }
  async function use(button) {
    button.disabled = true;
    const answer = await call("use", { ...mine, lesson: button.dataset.use });
    button.disabled = false;
    if (!answer) return;
    tell("use", await answer.json());
    say("used");
    took("documented");
  }

  async function voice(button) {
    const { verdict, reason, of } = button.dataset, place = button.closest("[data-says]");
    const answer = await call("said", { lesson: of, verdict, ...(reason && { reason }) });
    if (answer) place.innerHTML = await answer.text();
  }

  const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
  function take(said) {
    const next = { external_id: text(said.external_id, 300), text: text(said.text, 20000) };
    for (const name of ["channel", "category", "customer_ref"]) if (text(said[name], 300)) next[name] = text(said[name], 300);
    if (!next.external_id) return;
    if (next.external_id !== mine?.external_id) { begun = performance.now(); met = false; asked = ""; back(); }
    mine = next;
    clearTimeout(soon);
    soon = setTimeout(suggest, 250);
  }
  addEventListener("message", (e) => {
    if (window.parent === window || e.source !== window.parent || !listed.includes(e.origin)) return;
    const said = e.data;
    if (said?.type === "lessons:start" && typeof said.token === "string") {
      [host, token, asked] = [e.origin, said.token, ""];
      tell("started");
      if (mine) suggest(); else if (card) show(card);
    } else if (said?.type === "lessons:case" && e.origin === host) take(said);
  });
  document.addEventListener("click", (e) => {
    const { open } = e.target.closest("[data-open]")?.dataset || {}, button = e.target.closest("[data-use]");
    const said = e.target.closest("[data-verdict]");
    if (open) show(open);
    else if (said) voice(said);
    else if (button) use(button);
    else if (e.target.closest("[data-back]")) back();
  });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && list.hidden && list.children.length) back(); });
  if (window.parent !== window) for (const site of listed) window.parent.postMessage({ type: "lessons:ready" }, site);
})();
