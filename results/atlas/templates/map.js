const data = JSON.parse(document.getElementById("data").textContent);
const { runners, backends, ways, states, primitives, texts } = data;
const at = Object.fromEntries(data.entry.map((name, place) => [name, place]));
const byId = (id) => document.getElementById(id);
const map = byId("map"), dialog = byId("detail");
const clean = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const square = (state) => `<span class="cell s${state}" aria-hidden="true">${clean(states[state][1])}</span>`;
const FIRST = 30;

// An answer's state; -1 where none was asked for.
const stateOf = (answer) => (answer === -1 ? -1 : Array.isArray(answer) ? answer[0] : data.right);
for (const one of primitives) {
  one.states = one.answers.map((row) => row.map((cell) => {
    const found = (cell || []).map(stateOf).filter((state) => state >= 0);
    return found.length ? Math.min(...found) : -1;
  }));
}

// What is chosen, kept in the address: q, chapter, runner, way, state, cell.
const chosen = { q: "", chapter: "", runner: "", way: "", state: new Set(), cell: "" };
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const key of ["q", "chapter", "runner", "way", "cell"]) chosen[key] = asked.get(key) || "";
  const names = (asked.get("state") || "").split(",");
  chosen.state = new Set(states.flatMap((state, place) => (names.includes(state[0]) ? [place] : [])));
  for (const key of ["q", "chapter", "runner", "way"]) byId(key).value = chosen[key];
  for (const chip of document.querySelectorAll(".chip"))
    chip.setAttribute("aria-pressed", chosen.state.has(Number(chip.dataset.state)));
}
function writeAddress() {
  const asked = new URLSearchParams();
  for (const key of ["q", "chapter", "runner", "way", "cell"]) if (chosen[key]) asked.set(key, chosen[key]);
  if (chosen.state.size) asked.set("state", [...chosen.state].map((place) => states[place][0]).join(","));
  history.replaceState(null, "", asked.size ? `#${asked}` : location.pathname + location.search);
}

const columns = () => runners.flatMap((name, r) => {
  if (chosen.runner && chosen.runner !== name && chosen.runner !== backends[r]) return [];
  return [[r, ways.flatMap((way, w) => (!chosen.way || way.name === chosen.way ? [w] : []))]];
});
function rows(shown) {
  const word = chosen.q.trim().toLowerCase();
  return primitives.map((_, p) => p).filter((p) => {
    const one = primitives[p];
    if (chosen.chapter && one.chapter !== chosen.chapter) return false;
    if (word && !one.name.toLowerCase().includes(word)) return false;
    return !chosen.state.size ||
      shown.some(([r, several]) => several.some((w) => chosen.state.has(one.states[r][w])));
  });
}

// Rows are flex boxes and no table's, so that those out of sight cost no layout.
function draw() {
  const shown = columns(), found = rows(shown);
  const wide = ([r, several]) => Math.max(several.length * 1.35 + 0.6, runners[r].length * 0.5 + 1);
  const group = (one, what) => `<span class="group" style="width:${wide(one)}rem">${what}</span>`;
  const heads = shown.map((one) => group(one, `<b role="columnheader">${clean(runners[one[0]])}</b><span class="ways">` +
    one[1].map((w) => `<i title="${clean(ways[w].name)}"><span>${clean(ways[w].short)}</span></i>`).join("") + "</span>")).join("");
  const body = [];
  let chapter = null;
  for (const p of found) {
    const one = primitives[p];
    if (one.chapter !== chapter) {
      chapter = one.chapter;
      body.push(`<div role="row" class="chapter"><b role="rowheader">${clean(chapter)}</b></div>`);
    }
    body.push(`<div role="row" class="row"><b role="rowheader" title="${clean(one.name)}">${clean(one.name)}</b>` +
      shown.map((each) => group(each, each[1].map((w) => cell(one, p, each[0], w)).join(""))).join("") + "</div>");
  }
  map.innerHTML = `<div role="row" class="head"><b role="columnheader">primitive</b>${heads}</div>${body.join("")}`;
  const first = map.querySelector("[data-at]");
  if (first) first.tabIndex = 0;
  byId("shown").textContent = found.length === primitives.length
    ? `${found.length} primitives` : `${found.length} of ${primitives.length} primitives`;
  count();
}
function cell(one, p, r, w) {
  const state = one.states[r][w];
  if (state < 0) return "<i></i>";
  const faded = chosen.state.size && !chosen.state.has(state) ? " faded" : "";
  return `<i role="gridcell" class="s${state}${faded}" tabindex="-1" data-at="${p},${r},${w}" aria-label="` +
    `${clean(one.name)}, ${clean(runners[r])}, ${clean(ways[w].name)}: ${states[state][0]}">${states[state][1]}</i>`;
}
function count() {
  const counts = states.map(() => 0);
  for (const [r, several] of columns())
    for (const one of primitives) for (const w of several) if (one.states[r][w] >= 0) counts[one.states[r][w]] += 1;
  for (const chip of document.querySelectorAll(".chip")) {
    const place = Number(chip.dataset.state);
    chip.querySelector("b").textContent = counts[place].toLocaleString("en");
    chip.classList.toggle("none", !counts[place] && !chosen.state.has(place));
  }
}
