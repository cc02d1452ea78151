// Names for the admin's controls that Django leaves without one: cells of tables of rows, and
// boxes that search. Nothing here is needed to use the pages by eye.

function headingOf(control) {
  const cell = control.closest("td");
  if (!cell) return null;
  if (cell.classList.contains("delete")) return "Xóa dòng";
  const field = [...cell.classList].find((name) => name.startsWith("field-"));
  const heading = field && cell.closest("table").querySelector(`.column-${field.slice(6)}`);
  return heading ? heading.textContent.trim() : null;
}

function rowOf(control) {
  const row = control.closest("tr");
  const known = row.querySelector("td.field-indicator_words p, td.original p");
  return known ? `, ${known.textContent.trim()}` : "";
}

function nameCells(root) {
  for (const control of root.querySelectorAll(".tabular td input:not([type=hidden]), .tabular td select, .tabular td textarea")) {
    const heading = headingOf(control);
    if (heading && !control.labels.length) control.setAttribute("aria-label", heading + rowOf(control));
  }
}

function nameSearches(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const box = select.parentElement.querySelector(".select2-selection");
    const name = select.labels[0]?.textContent.replace(":", "").trim() || headingOf(select);
    if (!box || !name) continue;
    const inner = box.querySelector(".select2-selection__rendered");
    const chosen = inner?.textContent.replace("×", "").trim();
    inner?.removeAttribute("role");
    inner?.removeAttribute("aria-readonly");
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", chosen ? `${name}: ${chosen}` : name);
  }
}

function nameAll() {
  nameCells(document);
  nameSearches(document);
}

// Boxes that search are made by another script, rows are added by a click.
nameAll();
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
