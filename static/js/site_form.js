// Forms of the registers: Ctrl+S saves; while a kind of model is typed, those of a like name are offered.

const PAUSE = 250;
const AGAIN = 4000;
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
    const form = document.activeElement?.closest("[data-save-key]") || document.querySelector("[data-save-key]");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  }
});

// A second press while the first is on its way must not record the same twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-save-key]")) {
    if ("sent" in form.dataset) {
      event.preventDefault();
    }
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, AGAIN);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-type-name]")) {
    clearTimeout(timer);
    timer = setTimeout(() => offer(event.target), PAUSE);
  }
});

document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-type-option]");
  if (option) {
    const box = option.closest(".type-box");
    const input = box.querySelector("[data-type-name]");
    input.value = option.dataset.typeOption;
    box.querySelector("[data-type-options]").replaceChildren();
    box.querySelector(".type-new")?.remove();
    input.focus();
  }
});

async function offer(input) {
  const box = input.closest(".type-box");
  const place = box.querySelector("[data-type-options]");
  const typed = input.value.trim();
  if (typed.length < 3) {
    place.replaceChildren();
    return;
  }
  try {
    const query = new URLSearchParams({ q: typed });
    const answer = await fetch(`${box.dataset.similarUrl}?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.ok && !answer.redirected && input.value.trim() === typed) {
      place.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    }
  } catch {
    // Without a network the name is checked when the form is sent.
  }
}
