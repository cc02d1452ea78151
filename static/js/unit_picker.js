// Offer units while a name is typed; arrows and Enter choose, Esc closes, chosen ones are boxes.

const PAUSE = 200;
document.addEventListener("input", (event) => {
  const picker = event.target.closest?.("[data-unit-picker]");
  if (picker && event.target.type === "text") {
    look(picker, event.target);
  }
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-unit-picker] [data-unit]");
  if (option) {
    choose(option.closest("[data-unit-picker]"), option);
    return;
  }
  for (const open of document.querySelectorAll("[data-unit-options]:not([hidden])")) {
    if (!open.parentElement.contains(event.target)) {
      close(open.parentElement);
    }
  }
});
const timers = new WeakMap();

function look(picker, input) {
  clearTimeout(timers.get(picker));
  timers.set(picker, setTimeout(() => fetchOptions(picker, input), PAUSE));
}

async function fetchOptions(picker, input) {
  const typed = input.value.trim();
  if (typed.length < 2) {
    close(picker);
    return;
  }
  const query = new URLSearchParams({ q: typed });
  if ("scope" in picker.dataset) {
    query.set("pham_vi", "1");
  }
  let html = "";
  try {
    const answer = await fetch(`${picker.dataset.url}?${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) {
      return;
    }
    html = await answer.text();
  } catch {
    // Without a network the typed name is read when the form is sent.
    return;
  }
  if (input.value.trim() === typed) {
    show(picker, input, html);
  }
}

function show(picker, input, html) {
  const list = picker.querySelector("[data-unit-options]");
  list.replaceChildren(document.createRange().createContextualFragment(html));
  list.hidden = false;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "true");
  const n = list.querySelectorAll("[data-unit]").length;
  picker.querySelector("[data-unit-status]").textContent = n ? `${n} đơn vị, dùng mũi tên để chọn` : "Không thấy đơn vị nào";
}

function close(picker) {
  picker.querySelector("[data-unit-options]").hidden = true;
  const input = picker.querySelector("input[type=text]");
  input.removeAttribute("aria-activedescendant");
  if (input.getAttribute("role")) {
    input.setAttribute("aria-expanded", "false");
  }
}

function onKey(event) {
  const picker = event.target.closest?.("[data-unit-picker]");
  const list = picker?.querySelector("[data-unit-options]:not([hidden])");
  if (!list || event.target.type !== "text") {
    return;
  }
  const options = [...list.querySelectorAll("[data-unit]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(event.target, options, at + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && options.length && event.target.value.trim()) {
    event.preventDefault();
    choose(picker, options[Math.max(at, 0)]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(picker);
  }
}

function mark(input, options, wanted) {
  const at = (wanted + options.length) % options.length;
  options.forEach((option, place) => option.setAttribute("aria-selected", place === at ? "true" : "false"));
  if (options[at]) {
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }
}

function choose(picker, option) {
  const chips = picker.querySelector("[data-unit-chips]");
  const input = picker.querySelector("input[type=text]");
  const same = chips.querySelector(`input[value="${CSS.escape(option.dataset.unit)}"]`);
  if (same) {
    same.checked = true;
  } else {
    if ("single" in picker.dataset) {
      chips.replaceChildren();
    }
    chips.append(chip(picker.dataset.name, option.dataset.unit, option.dataset.label));
  }
  input.value = "";
  close(picker);
  input.focus();
  picker.querySelector("[data-unit-status]").textContent = `Đã chọn ${option.dataset.label}`;
}

function chip(name, value, text) {
  const [item, label, box, words] = ["li", "label", "input", "span"].map((tag) => document.createElement(tag));
  label.className = "unit-chip";
  Object.assign(box, { type: "checkbox", name, value, checked: true });
  words.textContent = text;
  label.append(box, " ", words);
  item.append(label);
  return item;
}
