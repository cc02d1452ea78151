// Cells of the entry grid: each is saved by itself and shows what became of it.
import { dropDraft, keepDraft } from "./draft.js";
import { renewToken, send, signInLink } from "./server.js";

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const STATES = ["saved", "saving", "waiting", "error", "warning", "locked"];

export class Cells {
  constructor(form, whenChanged) {
    this.form = form;
    this.owner = { user: form.dataset.user, report: form.dataset.report };
    this.whenChanged = whenChanged;
    this.all = new Map();
    for (const row of form.querySelectorAll("tr[data-line]")) {
      const cell = this.cellOf(row);
      if (cell) {
        this.all.set(cell.line, cell);
      }
    }
    window.addEventListener("online", () => this.retryAll());
    document.addEventListener("visibilitychange", () => this.comeBack());
  }

  cellOf(row) {
    const line = row.dataset.line;
    const input = row.querySelector(`#o-${line}`);
    if (!input?.dataset || input.dataset.kept === undefined) {
      return null;
    }
    const note = row.querySelector(`#n-${line}`);
    const version = row.querySelector(`[name="v-${line}"]`);
    const box = input.closest("td");
    const cell = {
      line, row, input, note, version, box,
      message: row.querySelector(`#m-${line}`),
      total: row.querySelector(`#l-${line}`),
      kept: { text: input.dataset.kept, note: note.dataset.kept },
      isSending: false, isAsked: false, conflict: null, wait: FIRST_WAIT, timer: 0, state: "",
    };
    for (const field of [input, note]) {
      field.addEventListener("input", () => this.remember(cell));
      field.addEventListener("change", () => this.save(cell));
    }
    return cell;
  }

  isDirty(cell) {
    return cell.input.value.trim() !== cell.kept.text || cell.note.value.trim() !== cell.kept.note;
  }

  dirty() {
    return [...this.all.values()].filter((cell) => this.isDirty(cell));
  }

  remember(cell) {
    if (this.isDirty(cell)) {
      const draft = { text: cell.input.value, note: cell.note.value, base: cell.version.value };
      keepDraft(this.owner, cell.line, { ...draft, section: this.form.dataset.section });
    } else {
      dropDraft(this.owner, cell.line);
    }
  }

  mark(cell, state, ...words) {
    cell.state = state;
    cell.box.classList.remove(...STATES.map((name) => `is-${name}`));
    if (state) {
      cell.box.classList.add(`is-${state}`);
    }
    cell.box.classList.toggle("has-note", Boolean(cell.note.value.trim()));
    cell.input.toggleAttribute("aria-invalid", state === "error");
    if (state === "error") {
      cell.input.setAttribute("aria-invalid", "true");
    }
    cell.message.replaceChildren(...words);
    this.whenChanged();
  }

  async save(cell) {
    if (cell.isSending) {
      cell.isAsked = true;
      return;
    }
    clearTimeout(cell.timer);
    if (cell.conflict) {
      return;
    }
    if (!this.isDirty(cell)) {
      dropDraft(this.owner, cell.line);
      if (["error", "waiting"].includes(cell.state) && cell.problem) {
        cell.problem = false;
        this.mark(cell, cell.kept.text ? "saved" : "");
      }
      return;
    }
    const sent = { text: cell.input.value.trim(), note: cell.note.value.trim() };
    const values = { text: sent.text, base: cell.version.value, csrfmiddlewaretoken: this.token() };
    if (sent.note !== cell.kept.note) {
      values.note = sent.note;
    }
    cell.isSending = true;
    this.mark(cell, "saving");
    const answer = await send(this.form.dataset.cellUrl.replace("/0/", `/${cell.line}/`), values);
    cell.isSending = false;
    this.receive(cell, sent, answer);
    if (cell.isAsked) {
      cell.isAsked = false;
      await this.save(cell);
    }
  }

  token() {
    return this.form.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  receive(cell, sent, answer) {
    const act = {
      saved: () => this.take(answer, new Map([[cell.line, sent]])),
      unreadable: () => this.refuse(cell, answer.message),
      conflict: () => this.showConflict(cell, answer),
      locked: () => this.refuse(cell, answer.message),
      signed_out: () => this.waitForSignIn(cell),
      offline: () => this.waitForNetwork(cell),
    }[answer.kind];
    (act || (() => this.waitForNetwork(cell)))();
  }

  // Saved lines, and lines tied to them by a rule, as they stand on the server now.
  take(answer, sent) {
    for (const line of answer.lines) {
      const cell = this.all.get(String(line.line));
      if (!cell) {
        continue;
      }
      const mine = sent.get(cell.line);
      const isUntouched = mine
        ? cell.input.value.trim() === mine.text && cell.note.value.trim() === mine.note
        : !this.isDirty(cell);
      if (mine || isUntouched) {
        cell.kept = { text: line.text, note: line.note };
        cell.version.value = line.version;
      }
      if (isUntouched) {
        cell.input.value = line.text;
        cell.note.value = line.note;
        cell.problem = false;
        cell.wait = FIRST_WAIT;
        dropDraft(this.owner, cell.line);
        this.mark(cell, line.state, line.messages.join(" "));
      }
      if (cell.total) {
        cell.total.textContent = line.year_total;
      }
    }
    this.progress = answer.section;
    this.whenChanged();
  }

  refuse(cell, message) {
    cell.problem = true;
    this.mark(cell, "error", message);
  }

  waitForNetwork(cell) {
    cell.problem = true;
    this.mark(cell, "waiting", "Chưa lưu – mất kết nối. Số được giữ trên máy này và sẽ tự gửi lại.");
    cell.timer = setTimeout(() => this.save(cell), cell.wait);
    cell.wait = Math.min(cell.wait * 2, LONGEST_WAIT);
  }

  waitForSignIn(cell) {
    cell.problem = true;
    this.isSignedOut = true;
    this.mark(cell, "waiting", "Chưa lưu – phiên làm việc đã hết. Số được giữ trên máy này. ", signInLink(this.form));
  }

  async comeBack() {
    if (document.visibilityState !== "visible") {
      this.dirty().forEach((cell) => this.save(cell));
    } else if (this.isSignedOut && (await renewToken(this.form))) {
      this.isSignedOut = false;
      this.retryAll();
    }
  }

  retryAll() {
    this.dirty().forEach((cell) => this.save(cell));
  }

  showConflict(cell, theirs) {
    cell.conflict = theirs;
    cell.problem = true;
    this.remember(cell);
    const words = document.createElement("span");
    const note = theirs.note && theirs.note !== cell.note.value.trim() ? `, ghi chú “${theirs.note}”` : "";
    words.textContent = `Người khác vừa sửa ô này. Số của bạn: “${cell.input.value.trim() || "trống"}”. `
      + `Trên máy chủ: “${theirs.text || "trống"}”${note} (${theirs.by}, ${theirs.at}). `;
    const mine = button("Giữ số của tôi", () => this.settle(cell, true));
    const other = button("Lấy số trên máy chủ", () => this.settle(cell, false));
    this.mark(cell, "error", words, mine, other);
  }

  settle(cell, keepMine) {
    const theirs = cell.conflict;
    cell.conflict = null;
    cell.version.value = theirs.version;
    cell.kept = { text: theirs.text, note: theirs.note };
    if (!keepMine) {
      cell.input.value = theirs.text;
      cell.note.value = theirs.note;
    }
    cell.input.focus();
    if (this.isDirty(cell)) {
      this.save(cell);
    } else {
      cell.problem = false;
      dropDraft(this.owner, cell.line);
      this.mark(cell, "saved");
    }
  }

  async flush() {
    await Promise.all(this.dirty().map((cell) => this.save(cell)));
    while ([...this.all.values()].some((cell) => cell.isSending)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
