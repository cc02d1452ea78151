// Steps through what the reviewer asked, one remark after another.

export function startRemarks() {
  for (const hidden of document.querySelectorAll("[data-needs-script]")) {
    hidden.hidden = false;
  }
  const remarks = [...document.querySelectorAll("[data-remark]")];
  let place = -1;
  for (const step of document.querySelectorAll("[data-remark-step]")) {
    step.addEventListener("click", () => {
      place = (place + Number(step.dataset.remarkStep) + remarks.length) % remarks.length;
      remarks[place].focus();
    });
  }
}
