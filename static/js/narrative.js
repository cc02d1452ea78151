// A part in words: saved a moment after the typing stops; a conflict shows both texts.
import { draftsOf, dropDraft, keepDraft } from "./draft.js";
import { renewToken, send, signInLink } from "./server.js";

const PAUSE = 1500;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;
const form = document.querySelector("[data-narrative]");
if (form) {
  start(form);
}

function start(form) {
  const { user, report, part } = form.dataset;
  const owner = { user, report };
  const [body, base] = [form.elements.body, form.elements.base];
  const state = form.querySelector("[data-save-state]");
  const box = form.querySelector("[data-conflict]");
  const take = form.querySelector("[data-take-theirs]");
  const page = { kept: body.value, timer: 0, wait: FIRST_WAIT, isSending: false, theirs: null, isSignedOut: false };

  const tell = (text, isWaiting = false, ...more) => {
    state.classList.toggle("is-waiting", isWaiting);
    state.replaceChildren(text, ...more);
  };
  const later = (wait) => {
    clearTimeout(page.timer);
    page.timer = setTimeout(save, wait);
  };

  async function save() {
    clearTimeout(page.timer);
    if (page.isSending || page.theirs || body.value === page.kept) {
      return;
    }
    page.isSending = true;
    tell("Đang lưu…");
    const sent = body.value;
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await send(form.action, { body: sent, base: base.value, csrfmiddlewaretoken: token });
    page.isSending = false;
    receive(answer, sent);
  }

  function receive(answer, sent) {
    if (answer.kind === "saved") {
      page.kept = sent;
      page.wait = FIRST_WAIT;
      base.value = answer.version;
      tell("Đã lưu.");
      if (body.value === sent) {
        dropDraft(owner, part);
      } else {
        later(PAUSE);
      }
    } else if (answer.kind === "conflict") {
      show(answer);
    } else if (answer.kind === "signed_out") {
      page.isSignedOut = true;
      tell("Chưa lưu – phiên làm việc đã hết; bài được giữ trên máy này. ", true, signInLink(form));
    } else if (answer.kind === "offline") {
      tell("Chưa lưu – mất kết nối; bài được giữ trên máy này và sẽ tự gửi lại.", true);
      later(page.wait);
      page.wait = Math.min(page.wait * 2, LONGEST_WAIT);
    } else {
      tell(answer.message, true);
    }
  }

  function show(theirs) {
    page.theirs = theirs;
    for (const name of ["by", "at", "body"]) {
      box.querySelector(`[data-conflict-${name}]`).textContent = theirs[name];
    }
    box.hidden = false;
    take.hidden = false;
    tell("Chưa lưu: người khác vừa sửa phần này. Chọn bài nào ở phía trên.", true);
    box.scrollIntoView({ block: "center" });
  }

  function settle(text) {
    const theirs = page.theirs;
    page.theirs = null;
    page.kept = theirs.body;
    base.value = theirs.version;
    body.value = text;
    box.hidden = true;
    body.focus();
    if (text === theirs.body) {
      dropDraft(owner, part);
      tell("Đã lấy bài trên máy chủ.");
    } else {
      save();
    }
  }

  body.addEventListener("input", () => {
    keepDraft(owner, part, { text: body.value, note: "", base: base.value });
    later(PAUSE);
  });
  body.addEventListener("change", save);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "visible" && page.isSignedOut && (await renewToken(form))) {
      page.isSignedOut = false;
      save();
    }
  });
  take.addEventListener("click", () => settle(page.theirs.body));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (page.theirs && event.submitter?.hasAttribute("data-keep-mine")) {
      settle(body.value);
    } else if (body.value === page.kept) {
      tell("Đã lưu.");
    } else {
      save();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    }
  });

  const draft = draftsOf(owner).get(part);
  if (draft && draft.text !== body.value) {
    const restore = document.createElement("button");
    restore.type = "button";
    restore.className = "btn btn-secondary btn-sm";
    restore.textContent = "Khôi phục bài chưa gửi từ lần trước";
    restore.addEventListener("click", () => {
      body.value = draft.text;
      base.value = draft.base;
      save();
    });
    tell("", true, restore);
  } else if (draft) {
    dropDraft(owner, part);
  }
}
