// Quick entry of an activity: only the fields of its kind, a draft in this browser, patience offline.
import { draftsOf, dropDraft, keepDraft } from "./draft.js";

const PLACE = "them";
const PAUSE = 400;
const ownerOf = (element) => ({ user: element.dataset.user, report: "hoat-dong" });

const form = document.querySelector("[data-activity-form]");
if (form) {
  showFieldsOfKind(form);
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") {
      showFieldsOfKind(form);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    const warning = document.querySelector("[data-offline]");
    warning.hidden = navigator.onLine;
    if (!navigator.onLine) {
      event.preventDefault();
      warning.scrollIntoView({ block: "center" });
    }
  });
  if ("draft" in form.dataset) {
    offerDraft(form);
    keepWhileTyping(form);
  }
}

const done = document.querySelector("[data-draft-done]");
if (done) {
  dropDraft(ownerOf(done), PLACE);
}

function showFieldsOfKind(form) {
  const kind = form.querySelector("[name=kind]:checked")?.value;
  for (const box of form.querySelectorAll("[data-kinds]")) {
    const matters = !kind || box.dataset.kinds.split(" ").includes(kind);
    // What was typed is never hidden: it would be sent unseen.
    box.hidden = !matters && !isFilled(box);
  }
}

function isFilled(box) {
  return [...box.querySelectorAll("input, select, textarea")].some(
    (field) => field.type !== "hidden" && !["", "0", field.name === "sessions" ? "1" : ""].includes(field.value),
  ) || box.querySelector(".is-invalid") !== null;
}

function typed(form) {
  const said = {};
  for (const field of form.elements) {
    const isChosen = field.type !== "radio" && field.type !== "checkbox" ? true : field.checked;
    if (field.name && field.name !== "csrfmiddlewaretoken" && field.type !== "checkbox" && isChosen) {
      said[field.name] = field.value;
    }
  }
  return said;
}

function keepWhileTyping(form) {
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(ownerOf(form), PLACE, { said: typed(form) }), PAUSE);
  });
}

function offerDraft(form) {
  const offer = document.querySelector("[data-draft-offer]");
  const draft = draftsOf(ownerOf(form)).get(PLACE);
  if (!offer || !draft?.said?.title) {
    return;
  }
  offer.querySelector("[data-draft-title]").textContent = `“${draft.said.title}”`;
  offer.hidden = false;
  offer.querySelector("[data-draft-use]").addEventListener("click", () => {
    fill(form, draft.said);
    offer.hidden = true;
    form.querySelector("[name=title]").focus();
  });
  offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
    dropDraft(ownerOf(form), PLACE);
    offer.hidden = true;
    form.querySelector("[name=kind]").focus();
  });
}

// The draft brings its token along: if the lost answer was written after all, it stays one row.
function fill(form, said) {
  for (const [name, value] of Object.entries(said)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") {
        field.checked = field.value === value;
      } else if (field.type !== "checkbox") {
        field.value = value;
      }
    }
  }
  form.querySelector("details").open = true;
  showFieldsOfKind(form);
}
