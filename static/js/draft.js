// What was typed and has not reached the server yet, kept in this browser by user, report and place.

const PREFIX = "antq-draft";

function keyOf(owner, place) {
  return [PREFIX, owner.user, owner.report, place].join(":");
}

export function keepDraft(owner, place, draft) {
  try {
    localStorage.setItem(keyOf(owner, place), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // A full or forbidden storage must not stop the typing; the server still gets the value.
  }
}

export function dropDraft(owner, place) {
  try {
    localStorage.removeItem(keyOf(owner, place));
  } catch {
    // Nothing was kept then.
  }
}

export function draftsOf(owner) {
  const start = keyOf(owner, "");
  const found = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(start)) {
        found.set(key.slice(start.length), JSON.parse(localStorage.getItem(key)));
      }
    }
  } catch {
    return new Map();
  }
  return found;
}
