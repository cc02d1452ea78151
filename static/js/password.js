// Adds a button "Hiện" / "Ẩn" beside each password box. On signed-out pages: <script type="module" src=".../password.js">.

export function startPassword(root = document) {
  for (const box of root.querySelectorAll("input[type=password]")) {
    if (!box.dataset.hasButton) {
      box.dataset.hasButton = "yes";
      addButton(box);
    }
  }
}

function addButton(box) {
  const holder = document.createElement("div");
  const button = document.createElement("button");
  const label = document.querySelector(`label[for="${box.id}"]`)?.firstChild?.textContent.trim();
  holder.className = "password-box";
  button.type = "button";
  button.className = "btn btn-secondary";
  box.replaceWith(holder);
  holder.append(box, button);
  const show = (isShown) => {
    box.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Ẩn" : "Hiện";
    button.setAttribute("aria-label", `${button.textContent} ${(label || "mật khẩu").toLowerCase()}`);
  };
  button.addEventListener("click", () => show(box.type === "password"));
  box.form?.addEventListener("submit", () => show(false));
  show(false);
}

startPassword();
