// A block copied from Excel: sent whole, laid over the grid, nothing dropped in silence.
import { send } from "./server.js";

export function startPaste(form, cells, say) {
  form.addEventListener("paste", (event) => {
    const line = event.target.closest?.("tr[data-line]")?.dataset.line;
    const block = event.clipboardData?.getData("text/plain") || "";
    if (!line || event.target.id !== `o-${line}` || !isBlock(block)) {
      return;
    }
    event.preventDefault();
    paste(form, cells, say, { start: line, block });
  });
}

function isBlock(text) {
  return /[\n\t]/.test(text.replace(/\r?\n$/, ""));
}

async function paste(form, cells, say, what) {
  say("Đang dán…");
  const versions = Object.fromEntries([...cells.all.values()].map((cell) => [`v-${cell.line}`, cell.version.value]));
  const answer = await send(form.dataset.pasteUrl, { ...what, ...versions, csrfmiddlewaretoken: cells.token() });
  if (answer.kind === "saved") {
    take(cells, say, answer);
  } else if (answer.kind === "unreadable") {
    const retry = answer.fits ? { ...what, limit: answer.fits } : null;
    say(answer.message, retry && { text: `Dán ${answer.fits} dòng đầu`, act: () => paste(form, cells, say, retry) });
  } else if (answer.kind === "locked") {
    say(answer.message);
  } else {
    layHere(form, cells, say, what);
  }
}

function take(cells, say, answer) {
  for (const line of answer.lines.filter((each) => answer.saved.includes(each.line))) {
    const cell = cells.all.get(String(line.line));
    if (!cell) {
      continue; // its figure stands from a register: there is no field to fill
    }
    cell.conflict = null;
    cell.input.value = line.text;
    cell.note.value = line.note;
    cell.kept = { text: line.text, note: line.note };
  }
  cells.take(answer, new Map());
  for (const [line, problem] of Object.entries(answer.problems)) {
    const cell = cells.all.get(line);
    if (!cell) {
      tellRow(line, `Đã dán “${problem.text}”. ${problem.message}`);
      continue;
    }
    cell.input.value = problem.text;
    cells.remember(cell);
    cells.refuse(cell, problem.message);
  }
  for (const theirs of answer.conflicts) {
    const cell = cells.all.get(String(theirs.line));
    if (!cell) {
      tellRow(theirs.line, `Đã dán “${theirs.mine}”, nhưng ${theirs.by} vừa ghi “${theirs.text}”.`);
      continue;
    }
    cell.input.value = theirs.mine;
    cells.showConflict(cell, theirs);
  }
  say(summary(answer));
}

function tellRow(line, text) {
  document.getElementById(`m-${line}`).textContent = text;
}

function summary(answer) {
  const parts = [`Đã dán ${answer.saved.length} ô.`];
  const problems = Object.keys(answer.problems).length;
  if (problems) {
    parts.push(`${problems} ô chưa nhận được, xem lời nhắc tại ô.`);
  }
  if (answer.conflicts.length) {
    parts.push(`${answer.conflicts.length} ô người khác vừa sửa, chọn số tại ô.`);
  }
  if (answer.kept.length) {
    const named = answer.kept.map((each) => `${each.code} (dán ${each.mine})`).join(", ");
    parts.push(`${answer.kept.length} ô giữ số từ sổ vì khác số dán: ${named}. Muốn ghi khác, bấm “Ghi số khác” ở ô đó.`);
  }
  if (answer.blank) {
    parts.push(`Bỏ qua ${answer.blank} ô trống trong khối.`);
  }
  return parts.join(" ");
}

// Without a connection the block is laid here; each cell is kept as a draft and sent later.
function layHere(form, cells, say, { start, block, limit }) {
  const rows = block.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").slice(0, limit);
  const places = [...form.querySelectorAll("tr[data-line]")].map((row) => row.dataset.line);
  const from = places.indexOf(start);
  if (rows.length > places.length - from) {
    say(`Khối dán có ${rows.length} dòng, từ ô này chỉ còn ${places.length - from} dòng. Chưa dán ô nào.`);
    return;
  }
  rows.forEach((row, place) => {
    const [text, note] = row.split("\t");
    const cell = cells.all.get(places[from + place]);
    if (!cell) {
      return; // a register keeps this line
    }
    cell.input.value = text.trim() || cell.input.value;
    cell.note.value = note?.trim() || cell.note.value;
    cells.remember(cell);
    cells.save(cell);
  });
  say("Mất kết nối: khối dán được giữ trên máy này và sẽ tự gửi khi có mạng.");
}
