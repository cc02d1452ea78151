// Show only the rows of a list that hold what is typed above it, with or without accents.

const plain = (text) =>
  text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.narrows;
  if (!wanted) {
    return;
  }
  const key = plain(event.target.value.trim());
  let n = 0;
  for (const row of document.getElementById(wanted).children) {
    row.hidden = !plain(row.dataset.name).includes(key);
    n += row.hidden ? 0 : 1;
  }
  const said = document.getElementById(`${wanted}-said`);
  said.textContent = n ? `${n} bộ lọc khớp` : "Không có bộ lọc nào khớp. Gõ ít chữ hơn.";
});
