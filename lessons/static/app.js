/* What a page gains where scripts run; every page works without it. Words come from the page, never from here. */
(() => {
  "use strict";
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const KEPT_DAYS = 14;
  document.documentElement.classList.add("js");

  /* Storage may be full, or forbidden by the browser: then nothing is kept, and nothing breaks. */
  const keep = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* not kept */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith("draft:")); } catch { return []; } },
  };

  /* Drafts: per person and form. Hidden fields, passwords and files are never kept. */
  const mine = `draft:${document.body.dataset.who || ""}:`;
  const draftKey = (form) => mine + form.dataset.draft;
  const written = (form) => [...form.elements].filter(
    (el) => el.name && !["hidden", "password", "file", "submit", "button"].includes(el.type));
  const stateOf = (form) => written(form).map((el) => [el.name, el.value, ["checkbox", "radio"].includes(el.type) ? el.checked : null]);

  function restore(form, fields) {
    let changed = false;
    const put = (el, what, value) => { if (el[what] !== value) { el[what] = value; changed = true; } };
    const left = written(form);
    for (const [name, value, checked] of fields) {
      const at = left.findIndex((el) => el.name === name && (checked === null ? !/checkbox|radio/.test(el.type) : el.value === value));
      if (at >= 0) { const [el] = left.splice(at, 1); checked === null ? put(el, "value", value) : put(el, "checked", checked); }
      else if (checked) changed = addChip(form, name, value) || changed;
    }
    return changed;
  }

  function draft(form) {
    const key = draftKey(form), saved = keep.get(key), note = form.querySelector(".draft-note");
    const refused = form.querySelector("[aria-invalid], .error");
    if (saved && !refused && Date.now() - saved.at < KEPT_DAYS * 864e5 && restore(form, saved.fields) && note) note.hidden = false;
    form.addEventListener("input", () => keep.set(key, { at: Date.now(), fields: stateOf(form) }));
    note?.querySelector("[data-drop]").addEventListener("click", () => { keep.drop(key); location.reload(); });
    form.addEventListener("submit", () => { try { sessionStorage.setItem("sent", key); } catch { /* kept */ } });
  }

  /* A draft is let go only where the next page says that the thing was done. */
  function settleDrafts() {
    for (const key of keep.keys()) if (!(Date.now() - keep.get(key)?.at < KEPT_DAYS * 864e5)) keep.drop(key);
    let sent = null;
    try { sent = sessionStorage.getItem("sent"); sessionStorage.removeItem("sent"); } catch { /* nothing sent */ }
    if (sent && document.querySelector("[data-toast=ok]") && !document.querySelector("[data-refused]")) keep.drop(sent);
  }

  /* People and topics: what is chosen becomes a chip that can be unticked. */
  function addChip(form, name, value) {
    const input = all("[data-many]", form).find((el) => el.name === name);
    if (!input || !value.trim()) return false;
    const known = all("option", input.list || document.createElement("datalist")).find((option) => option.value === value);
    const chip = Object.assign(document.createElement("label"), { className: "chip" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true });
    const text = document.createElement("span");
    text.append(Object.assign(document.createElement("bdi"), { textContent: known?.textContent || value }));
    chip.append(box, text);
    form.querySelector(`[data-chosen="${CSS.escape(input.dataset.many)}"]`).append(chip);
    return true;
  }
  function takeMany(input) {
    for (const value of input.value.split(",")) addChip(input.form, input.name, value.trim());
    input.value = "";
    input.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function count(out) {
    const field = document.getElementById(out.dataset.count), max = Number(out.dataset.max);
    const show = () => {
      const n = [...field.value].length;
      out.textContent = out.dataset.words.replace("{n}", n).replace("{max}", max);
      out.classList.toggle("over", n > max);
    };
    field.addEventListener("input", show);
    show();
  }

  /* Light marks: the chosen words become bold, the chosen lines a list. */
  function mark({ dataset }) {
    const field = document.getElementById(dataset.for), { selectionStart: from, selectionEnd: to, value } = field;
    const chosen = value.slice(from, to), lines = chosen.split("\n").map((line) => dataset.mark + line).join("\n");
    field.focus();
    field.setRangeText(dataset.mark === "- " ? lines : dataset.mark + chosen + dataset.mark, from, to, "select");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Without a network a form waits, filled, and goes by itself when there is one again; its key lets it count once. */
  function waits(form) {
    const note = form.querySelector(".wait-note");
    let through = false, going = null;
    const go = async () => {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(4000) }).catch(() => null);
      note.hidden = Boolean(answer?.ok);
      if (answer?.ok) { through = true; form.requestSubmit(going); } else setTimeout(go, 5000);
    };
    form.addEventListener("submit", (e) => {
      if (through) return;
      e.preventDefault();
      if (!going) { going = e.submitter; go(); }
    });
  }

  settleDrafts();
  all("[data-waits]").forEach(waits);
  all("[data-mark]").forEach((button) => button.addEventListener("click", () => mark(button)));
  all("form[data-draft]").forEach(draft);
  all("[data-count]").forEach(count);
  all("[data-close]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => button.closest(".toast").remove());
  });
  all("[data-many]").forEach((input) => {
    input.addEventListener("change", () => setTimeout(takeMany, 250, input)); // a chip moves the button that is being pressed
    input.addEventListener("keydown", (e) => { if (e.key === "Enter" && input.value.trim()) { e.preventDefault(); takeMany(input); } });
  });
  all("[data-asks]").forEach((input) => {
    let soon;
    input.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(async () => {
      const found = await fetch(`${input.dataset.asks}?q=${encodeURIComponent(input.value)}`).catch(() => null);
      if (found?.ok) input.list.innerHTML = await found.text();
    }, 200); });
  });
  if (matchMedia("(max-width: 46em)").matches) all("[data-folds]").forEach((one) => { one.open = false; }); // where a row is a block of lines
  all("[data-sends]").forEach((input) => input.addEventListener("change", () => input.files.length && input.form.requestSubmit()));
  all("[data-fills]").forEach((chip) => {
    const day = document.getElementById(chip.dataset.fills);
    chip.addEventListener("input", () => { day.value = chip.value; });
    day.addEventListener("input", () => { chip.checked = day.value === chip.value; });
  });
  all("[data-theme-form]").forEach((form) => form.addEventListener("submit", (e) => {
    e.preventDefault();
    const theme = e.submitter?.value || "auto", body = new FormData(form, e.submitter);
    if (theme === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    all("[name=theme]", form).forEach((b) => b.setAttribute("aria-pressed", String(b.value === theme)));
    fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" }).catch(() => { /* the look of this page only */ });
  }));
  all("[data-sign-out]").forEach((form) => form.addEventListener("submit", () => keep.keys().filter((key) => key.startsWith(mine)).forEach(keep.drop)));
  /* A form that the address points at was asked for: whoever asked may write at once. */
  function asked() {
    const place = document.getElementById(location.hash.slice(1)), form = place?.matches(":not(main)") && place.querySelector("form.form");
    if (form) written(form)[0]?.focus();
    place?.querySelector(":scope > [data-folds]")?.setAttribute("open", "");
  }
  ["load", "hashchange"].forEach((moment) => addEventListener(moment, asked)); // earlier, the browser's own way there takes it back
  const refused = document.querySelector("[data-refused]");
  if (refused) { refused.focus(); refused.scrollIntoView({ block: "center" }); } // of a page of many forms the one that was sent

  /* An open desk asks every nine seconds what is urgent. Only what is new is drawn, read aloud politely; no focus moves. */
  const now = location.pathname === "/desk" && Object.assign(document.createElement("div"), { id: "now", ariaLive: "polite" });
  async function look(address = "/desk/now", given = { headers: { "If-None-Match": now.dataset.tag || "" } }) {
    const answer = await fetch(address, { cache: "no-store", ...given }).catch(() => null);
    if (answer?.status !== 200) return false;
    now.dataset.tag = answer.headers.get("ETag");
    now.innerHTML = await answer.text();
    return true;
  }
  if (now) { document.querySelector("main").prepend(now); look(); setInterval(look, 9000); }
  document.addEventListener("submit", async (e) => {
    if (!now || !now.contains(e.target)) return;
    e.preventDefault();
    if (!await look(e.target.action, { method: "POST", body: new FormData(e.target) })) location.reload();
  });

  /* Keys, by their place on the keyboard: the same in both layouts. Whoever does not want them switches them off. */
  const sheet = document.getElementById("keys"), off = document.querySelector("[data-keys-off]");
  const place = { Slash: "/", KeyJ: 1, KeyK: -1 };
  const keyed = (e) => e.shiftKey ? null : all("[data-key]").find((el) => e.code.replace(/^(Key|Digit|Numpad)/, "") === el.dataset.key.toUpperCase());
  let went = 0;
  function press(e) {
    const search = all("[data-search]").at(-1), letter = e.code.replace("Key", "").toLowerCase();
    if (e.key === "?") sheet?.showModal();
    else if ((e.key === "/" || place[e.code] === "/") && search) {
      if (search.offsetParent) { search.focus(); search.select(); } else document.querySelector(".find-link").click();
    }
    else if (e.code === "KeyG") went = Date.now();
    else if (e.code === "KeyX") document.activeElement.closest("tr")?.querySelector("[type=checkbox]")?.click();
    else if (Date.now() - went < 1500) { went = 0; document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click(); }
    else if (keyed(e)) { const choice = keyed(e).closest("details"); if (choice) { choice.open = true; choice.querySelector("input:not([type=hidden]), select, textarea")?.focus(); } else keyed(e).click(); }
    else if (place[e.code]) {
      const rows = all("main .work h3 a, main .hits > li > a, main .tb th a");
      rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + place[e.code]))]?.focus();
    } else return;
    if (e.code !== "KeyG") e.preventDefault();
  }
  document.querySelector("[data-keys]")?.addEventListener("click", () => sheet.showModal());
  off?.addEventListener("click", () => { keep.get("keys-off") ? keep.drop("keys-off") : keep.set("keys-off", true); location.reload(); });
  if (off && keep.get("keys-off")) off.textContent = off.dataset.words;
  document.addEventListener("keydown", (e) => {
    const typing = e.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");
    if (!typing && !e.ctrlKey && !e.metaKey && !e.altKey && !keep.get("keys-off")) press(e);
    if (e.key === "Escape") all(".menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("click", (e) => all(".menu[open]").forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; }));
})();
