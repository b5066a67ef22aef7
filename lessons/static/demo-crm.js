/* What a CRM's own script does around the frame, whole: hand over a token and the case, take back what is documented.
   docs/crm.md explains it line by line. */
(() => {
  "use strict";
  const form = document.getElementById("ticket"), frame = document.querySelector("iframe"), site = frame.dataset.site;
  const post = (type, more) => frame.contentWindow.postMessage({ type: `lessons:${type}`, ...more }, site);
  const field = (name) => form.elements[name];

  async function start() {
    const answer = await fetch("/demo/crm/token", { cache: "no-store" });
    post("start", await answer.json());
  }
  function send() {
    post("case", { external_id: form.dataset.number, text: field("text").value, channel: field("channel").value,
                   category: field("category").value, customer_ref: field("customer_ref").value });
  }
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== site) return;
    if (data.type === "lessons:ready" || data.type === "lessons:expired") start();
    else if (data.type === "lessons:started") send();
    else if (data.type === "lessons:use" && data.external_id === form.dataset.number) {
      field("documentation").value = data.documentation;
      field("category").value = data.category || field("category").value;
    }
  });
  frame.src = frame.src; // whoever listens too late would miss that it is ready
  field("text").addEventListener("input", send);
  for (const story of form.querySelectorAll("[data-story]")) story.addEventListener("click", () => { field("text").value = story.dataset.story; send(); });
  form.addEventListener("submit", (e) => { e.preventDefault(); form.querySelector("[data-closed]").hidden = false; });
})();
