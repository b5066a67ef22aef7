/* One click copies a text; where the browser does not allow that, the text is chosen, ready for the keys. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy), said = document.querySelector("[data-copied]");
    from.select();
    try { await navigator.clipboard.writeText(from.value); } catch { if (!document.execCommand("copy")) return; }
    said.hidden = false;
  });
})();
