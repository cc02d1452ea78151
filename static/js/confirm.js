// A form or button with data-confirm asks in a dialog first; htmx's hx-confirm uses the same one.

export function startConfirm() {
  const dialog = document.getElementById("confirm");
  if (!dialog || !dialog.showModal) {
    return;
  }
  document.addEventListener("submit", (event) => {
    const asker = event.submitter?.dataset.confirm ? event.submitter : event.target;
    const question = asker.dataset.confirm;
    if (!question || event.target.dataset.confirmed) {
      delete event.target.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const { target, submitter } = event;
    ask(dialog, question, asker.dataset.confirmYes, () => {
      target.dataset.confirmed = "yes";
      target.requestSubmit(submitter);
    });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.question) {
      event.preventDefault();
      const yes = event.detail.elt.dataset.confirmYes;
      ask(dialog, event.detail.question, yes, () => event.detail.issueRequest(true));
    }
  });
}

function ask(dialog, question, yes, whenYes) {
  dialog.querySelector("#confirm-text").textContent = question;
  dialog.querySelector("[data-confirm-yes]").textContent = yes || "Đồng ý";
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") {
      whenYes();
    }
  }, { once: true });
  dialog.showModal();
}
