// The entry grid: keys as in Excel, autosave, paste, side panel, drafts offered back.
import { Cells } from "./cells.js";
import { draftsOf, dropDraft } from "./draft.js";
import { startPaste } from "./paste.js";
import { startRemarks } from "./remarks.js";

startRemarks();
const form = document.querySelector("[data-grid]");
if (form) {
  start(form);
}

function start(form) {
  const state = form.querySelector("[data-save-state]");
  const message = form.querySelector("[data-grid-message]");
  const cells = new Cells(form, () => tell(state, cells));
  startKeys(form, cells, state);
  startPaste(form, cells, (text, button) => say(message, text, button));
  offerDrafts(form, cells);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await saveAll(cells, state);
  });
  for (const other of document.querySelectorAll("form[data-flush]")) {
    other.addEventListener("submit", async (event) => {
      if (cells.dirty().length) {
        event.preventDefault();
        if (event.submitter?.hasAttribute("formaction")) {
          other.action = event.submitter.formAction;
        }
        await cells.flush();
        other.submit();
      }
    });
  }
  focusHash();
  window.addEventListener("hashchange", focusHash);
}

function tell(state, cells) {
  const all = cells ? [...cells.all.values()] : [];
  const saving = all.filter((cell) => cell.state === "saving").length;
  const waiting = all.filter((cell) => cell.state === "waiting").length;
  state.classList.toggle("is-waiting", waiting > 0);
  if (waiting) {
    state.textContent = `${waiting} ô chưa lưu`;
  } else if (saving) {
    state.textContent = "Đang lưu…";
  } else if (cells?.progress) {
    state.textContent = `Đã lưu. Xong ${cells.progress.done}/${cells.progress.total} chỉ tiêu`;
  }
}

async function saveAll(cells, state) {
  await cells.flush();
  const left = cells.dirty().length;
  state.textContent = left ? `Còn ${left} ô chưa lưu được, xem lời nhắc tại ô.` : "Đã lưu mọi ô.";
}

function say(place, text, button) {
  const box = document.createElement("div");
  const body = document.createElement("p");
  box.className = "alert alert-info";
  body.className = "alert-body";
  body.textContent = text;
  if (button) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary btn-sm";
    made.textContent = button.text;
    made.addEventListener("click", button.act);
    body.append(" ", made);
  }
  box.append(body);
  place.replaceChildren(box);
}

function startKeys(form, cells, state) {
  document.addEventListener("keydown", (event) => {
    const isSave = event.ctrlKey && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s";
    if (isSave) {
      event.preventDefault();
      saveAll(cells, state);
    }
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const row = field.closest?.("tr[data-line]");
    if (!row || field.tagName !== "INPUT" || event.isComposing || event.altKey || event.metaKey) {
      return;
    }
    if (event.ctrlKey) {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        row.querySelector("[data-panel]").click();
      }
      return;
    }
    const step = stepOf(event);
    if (step) {
      event.preventDefault();
      move(row, field, step);
    }
  });
  startPanel(form);
}

function startPanel(form) {
  const panel = form.querySelector("#panel");
  const close = () => {
    if (panel.contains(document.activeElement)) {
      panel.opener?.focus();
    }
    panel.replaceChildren();
  };
  form.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-panel]");
    if (opener) {
      panel.opener = opener.closest("tr").querySelector("td.cell input") || opener;
    } else if (event.target.closest("[data-panel-close]")) {
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.childElementCount) {
      close();
    }
  });
}

function stepOf(event) {
  if (event.key === "Enter") {
    return event.shiftKey ? -1 : 1;
  }
  if (event.shiftKey) {
    return 0;
  }
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] || 0;
}

function move(row, field, step) {
  const kind = field.id.split("-")[0];
  const fields = [...row.parentElement.querySelectorAll(`input[id^="${kind}-"]`)];
  const next = fields[fields.indexOf(field) + step];
  if (next) {
    next.focus();
    next.select();
  } else {
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offerDrafts(form, cells) {
  const banner = document.querySelector("[data-drafts]");
  const mine = [...draftsOf(cells.owner)].filter(([line, draft]) => {
    const cell = cells.all.get(line);
    const isNews = cell && (draft.text.trim() !== cell.kept.text || draft.note.trim() !== cell.kept.note);
    if (cell && !isNews) {
      dropDraft(cells.owner, line);
    }
    return isNews;
  });
  if (!banner || !mine.length) {
    return;
  }
  banner.querySelector("[data-drafts-text]").textContent = `Có ${mine.length} số chưa gửi từ lần trước.`;
  banner.hidden = false;
  banner.querySelector("[data-drafts-restore]").addEventListener("click", () => {
    banner.hidden = true;
    for (const [line, draft] of mine) {
      const cell = cells.all.get(line);
      cell.input.value = draft.text;
      cell.note.value = draft.note;
      cell.version.value = draft.base;
      cells.save(cell);
    }
  });
  banner.querySelector("[data-drafts-drop]").addEventListener("click", () => {
    banner.hidden = true;
    mine.forEach(([line]) => dropDraft(cells.owner, line));
  });
}

function focusHash() {
  const target = /^#[on]-\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (target) {
    target.focus();
    target.select?.();
  }
}
