// What a person does.
const redraw = () => { writeAddress(); draw(); };
for (const key of ["q", "chapter", "runner", "way"])
  byId(key).addEventListener("input", (event) => { chosen[key] = event.target.value; redraw(); });
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
document.querySelector(".filters").addEventListener("reset", () => {
  Object.assign(chosen, { q: "", chapter: "", runner: "", way: "", state: new Set() });
  redraw();
  setTimeout(readAddress);
});
document.querySelector(".chips").addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  const place = Number(chip.dataset.state);
  if (!chosen.state.delete(place)) chosen.state.add(place);
  chip.setAttribute("aria-pressed", chosen.state.has(place));
  redraw();
});
const opening = (event) => {
  const where = event.target.closest("[data-at]");
  if (where) open(...where.dataset.at.split(",").map(Number));
};
map.addEventListener("click", opening);
byId("found").addEventListener("click", opening);
byId("more").addEventListener("click", () => listFindings(undefined));
map.addEventListener("keydown", (event) => {
  const from = event.target.closest("[data-at]");
  if (!from) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); opening(event); return; }
  const to = beside(from, event.key);
  if (!to) return;
  event.preventDefault();
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
});
map.addEventListener("focusin", (event) => {
  const cell = event.target.closest("[data-at]");
  if (!cell) return;
  for (const other of map.querySelectorAll('[data-at][tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
  const name = cell.closest(".row").firstElementChild.getBoundingClientRect();
  const hidden = name.right - cell.getBoundingClientRect().left; // behind the names
  if (hidden > 0) byId("box").scrollLeft -= hidden + 8;
});
function beside(cell, key) {
  const row = cell.closest(".row");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) {
    const cells = [...row.querySelectorAll("[data-at]")];
    return cells[cells.indexOf(cell) + step];
  }
  const down = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[key];
  if (!down) return null;
  const column = cell.dataset.at.slice(cell.dataset.at.indexOf(","));
  let to = row[down];
  while (to && !to.querySelector(`[data-at$="${column}"]`)) to = to[down];
  return to && to.querySelector(`[data-at$="${column}"]`);
}
dialog.addEventListener("click", async (event) => {
  if (event.target === dialog || event.target.closest(".close")) { dialog.close(); return; }
  const copy = event.target.closest(".copy");
  if (copy) copy.textContent = (await copied(copy.parentElement.querySelector("code"))) ? "Copied" : "Selected";
});
dialog.addEventListener("close", () => { chosen.cell = ""; writeAddress(); });
async function copied(where) {
  try {
    await navigator.clipboard.writeText(where.textContent);
    return true;
  } catch { // not allowed here: select it, to be copied by hand
    getSelection().selectAllChildren(where);
    return document.execCommand("copy");
  }
}

for (const [id, names] of [["runner", [...new Set([...backends, ...runners])].sort()], ["way", ways.map((way) => way.name)]])
  byId(id).append(...names.map((name) => new Option(name)));
byId("letters").textContent = ways.filter((way) => way.short !== way.name)
  .map((way) => `${way.short} ${way.name}`).join(", ") + ".";
const many = data.conventions.length;
byId("conventions").querySelector("summary").textContent =
  many ? `${many} ${many === 1 ? "row" : "rows"} where backends differ` : "No backend differs from another";
byId("conventions").addEventListener("toggle", listConventions, { once: true });
addEventListener("hashchange", () => { readAddress(); draw(); if (chosen.cell) openNamed(chosen.cell); });
const longest = Math.max(9, ...primitives.map((one) => one.name.length));
map.style.setProperty("--names", `${longest * 0.53 + 1}rem`);
readAddress();
draw();
listFindings(FIRST);
if (chosen.cell) openNamed(chosen.cell);
