/* The desk by keys: arrows move between the words and what they found, Esc goes back to the words, copying is told.
   Words come from the page, never from here. */
(() => {
  "use strict";
  const words = document.getElementById("words"), found = document.getElementById("found");
  const hits = () => [...document.querySelectorAll("#found .hits a")];
  const typing = (el) => el.matches?.("textarea, select, input:not(#words)") || el.closest?.("dialog, .menu[open]");

  function move(e) {
    const all = hits(), at = all.indexOf(document.activeElement), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (typing(e.target) || e.isComposing) return;
    if (e.code === "Slash" && e.target === words && !words.value) return e.preventDefault(); // it is where / leads
    if (step && all.length && (at >= 0 || e.target === words)) (all[Math.min(at + step, all.length - 1)] || words).focus();
    else if (e.key === "Escape" && words) { words.focus(); words.select(); }
    else if (e.altKey && /^Digit[1-9]$/.test(e.code) && all[e.code.at(-1) - 1]) all[e.code.at(-1) - 1].click();
    else return;
    e.preventDefault();
  }
  document.addEventListener("keydown", move);

  /* One press copies a sentence and says so; where the browser forbids it, the sentence is marked for its own copying. */
  async function copy({ dataset, parentElement }) {
    const told = parentElement.querySelector("[role=status]"), quote = parentElement.parentElement.querySelector("blockquote");
    told.textContent = "";
    try { await navigator.clipboard.writeText(dataset.copies); told.textContent = dataset.told; }
    catch { getSelection().selectAllChildren(quote); }
  }
  const offer = () => document.querySelectorAll("[data-copies]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (e) => { const button = e.target.closest("[data-copies]"); if (button) copy(button); });
  offer();

  /* What is refined while a row has the focus must not take it away; a row that is gone gives it back to the words. */
  found?.addEventListener("htmx:beforeSwap", (e) => {
    if (e.detail.requestConfig.path.includes("whole=") && found.contains(document.activeElement)) e.detail.shouldSwap = false;
  });
  found?.addEventListener("htmx:afterSettle", () => { offer(); if (document.activeElement === document.body) words.focus(); });
})();
