// The menu is a sheet from below on a phone. Without this file its link opens it by :target.

export function startMenu() {
  const menu = document.getElementById("menu");
  const opener = document.querySelector("[data-menu-open]");
  if (menu && opener) {
    prepareSheet(menu, opener);
  }
  document.addEventListener("click", closeDetailsOutside);
  document.addEventListener("keydown", closeDetailsOnEscape);
}

function prepareSheet(menu, opener) {
  const show = (isOpen) => {
    menu.classList.toggle("is-open", isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
    const target = isOpen ? menu.querySelector("a") : opener;
    target.focus();
  };
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", "menu");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    show(!menu.classList.contains("is-open"));
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      show(!menu.classList.contains("is-open"));
    }
  });
  menu.querySelector("[data-menu-close]").addEventListener("click", (event) => {
    event.preventDefault();
    show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.classList.contains("is-open")) {
      show(false);
    }
  });
  document.addEventListener("click", (event) => {
    const isOutside = !menu.contains(event.target) && !opener.contains(event.target);
    if (isOutside && menu.classList.contains("is-open")) {
      show(false);
    }
  });
}

function closeDetailsOutside(event) {
  for (const details of document.querySelectorAll("details[data-closes-outside][open]")) {
    if (!details.contains(event.target)) {
      details.open = false;
    }
  }
}

function closeDetailsOnEscape(event) {
  if (event.key !== "Escape") {
    return;
  }
  for (const details of document.querySelectorAll("details[data-closes-outside][open]")) {
    details.open = false;
    details.querySelector("summary").focus();
  }
}
