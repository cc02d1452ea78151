// Alt+ArrowDown and Alt+ArrowUp go to the next and previous report, as the two links do.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.shiftKey || event.metaKey) {
    return;
  }
  const rel = { ArrowDown: "next", ArrowUp: "prev" }[event.key];
  const link = rel && document.querySelector(`a[rel=${rel}]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
