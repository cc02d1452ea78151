// The contents page: steps through remarks, and says in which sections unsent figures wait.
import { draftsOf } from "./draft.js";
import { startRemarks } from "./remarks.js";

startRemarks();

const place = document.querySelector("[data-drafts-summary]");
if (place) {
  const counts = new Map();
  for (const draft of draftsOf({ user: place.dataset.user, report: place.dataset.report }).values()) {
    if (draft.section) {
      counts.set(draft.section, (counts.get(draft.section) || 0) + 1);
    }
  }
  if (counts.size) {
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "alert alert-warn";
    words.className = "alert-body";
    words.append("Trên máy này còn số chưa gửi ở: ");
    for (const [section, count] of counts) {
      const link = document.createElement("a");
      link.href = place.dataset.sectionUrl.replace("MUC", section);
      link.textContent = `mục ${section} (${count} số)`;
      words.append(link, " ");
    }
    box.append(words);
    place.append(box);
    place.hidden = false;
  }
}
