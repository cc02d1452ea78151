// The map and its table show the same places: pointing at one marks the other, and opening a
// place changes the picture without losing it from sight. Without this script links do the same.
const map = () => document.getElementById("map");

function mark(event) {
  const place = event.target.closest?.("#map [data-place]")?.dataset.place;
  for (const one of map()?.querySelectorAll(".pointed") ?? []) one.classList.remove("pointed");
  if (!place) return;
  for (const one of map().querySelectorAll(`[data-place="${CSS.escape(place)}"]`)) {
    one.classList.add("pointed");
  }
}

async function open(event) {
  const link = event.target.closest?.("#map [data-place]")?.closest("a, tr");
  const anchor = link?.matches("tr") ? event.target.closest("a") : link;
  if (!anchor || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const address = anchor.getAttribute("href");
  const scrolled = map().querySelector(".map-table").scrollTop;
  try {
    await htmx.ajax("GET", address, { target: "#map", swap: "outerHTML show:none" });
  } catch {
    location.assign(address);
    return;
  }
  history.pushState(null, "", address);
  map().querySelector(".map-table").scrollTop = scrolled;
  document.getElementById("map-opened").scrollIntoView({ block: "nearest" });
}

document.addEventListener("pointerover", mark);
document.addEventListener("focusin", mark);
document.addEventListener("click", open);
addEventListener("popstate", () => location.reload());
