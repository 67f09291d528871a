// A cell's numbers.
const told = (label, text) => (text === "" || text == null ? "" : `<dt>${label}</dt><dd>${text}</dd>`);
const code = (text) => `<code>${clean(text)}</code>`;
function linked(text) {
  if (!/^https:\/\/\S+$/.test(text)) return clean(text);
  return `<a href="${clean(text)}" rel="noreferrer">${clean(text)}</a>`;
}
const field = (answer, name) => answer[at[name]] ?? null;
const text = (answer, name) => (field(answer, name) === null ? null : texts[field(answer, name)]);
function spelled(one, r) {
  const who = backends[r];
  if (who in one.calls) return texts[one.calls[who]];
  return who in one.lacks ? null : "xp" in one.calls ? texts[one.calls.xp] : null;
}
function open(p, r, w) {
  const one = primitives[p];
  const call = spelled(one, r);
  chosen.cell = [one.name, runners[r], ways[w].name].join("|");
  writeAddress();
  const points = one.points.map((_, k) => k).filter((k) => one.answers[r][w] && one.answers[r][w][k] !== -1);
  points.sort((a, b) => stateOf(one.answers[r][w][a]) - stateOf(one.answers[r][w][b]));
  dialog.innerHTML = `<div class="top"><h2 id="detail-title">${clean(one.name)} · ${clean(ways[w].name)} · ` +
    `${clean(runners[r])}</h2><button type="button" class="close" aria-label="Close">Close</button></div><div>` +
    `<dl class="about">${told("definition", clean(one.formula))}${told("source", clean(one.source))}` +
    `${told("call", call === null ? "" : code(call))}</dl>` +
    points.map((k) => point(one, r, w, k)).join("") + side(one, w) + "</div>";
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}
function point(one, r, w, k) {
  const answer = one.answers[r][w][k], state = stateOf(answer), [name, words] = one.points[k];
  const tolerance = one.tolerances[w][k];
  let lines;
  if (!Array.isArray(answer)) {
    lines = told("relative error", answer === null ? "" : String(answer)) + told("tolerance", tolerance);
  } else {
    const id = field(answer, "id"), known = text(answer, "known"), judged = field(answer, "error") !== null;
    const status = text(answer, "status");
    lines = told("status", status === states[state][0] ? "" : clean(status)) +
      told("expected", field(answer, "expected") === null ? "" : code(field(answer, "expected"))) +
      told("got", field(answer, "got") === null ? "" : code(field(answer, "got"))) +
      told("relative error", field(answer, "error")) + told("tolerance", judged ? tolerance : "") +
      told("answer", field(answer, "value") === null ? "" : code(field(answer, "value"))) +
      told("reason", text(answer, "reason") === null ? "" : clean(text(answer, "reason"))) +
      told("known issue", known === null ? "" : linked(known)) +
      told("reproduce", id === null ? "" : `<span class="repro">${code(`${data.repro} ${id}`)} ` +
        `<button type="button" class="copy">Copy</button></span>`);
  }
  return `<article class="point"><h4>${square(state)} ${clean(states[state][0])} · ${clean(name)}</h4>` +
    `<dl>${told("point", code(words || name))}${lines}</dl></article>`;
}
function side(one, w) {
  const some = runners.map((_, r) => r).filter((r) => one.answers[r][w]);
  if (some.length < 2) return "";
  const body = one.points.map(([name], k) => `<tr><th scope="row">${clean(name)}</th>` + some.map((r) => {
    const answer = one.answers[r][w][k];
    if (answer === -1) return "<td></td>";
    const state = stateOf(answer), what = Array.isArray(answer) ? field(answer, "got") ?? field(answer, "value") ?? "" : "";
    return `<td title="${states[state][0]}">${clean(what)} ${square(state)}</td>`;
  }).join("") + "</tr>").join("");
  return `<h3>Side by side: ${clean(ways[w].name)} on every backend</h3><div class="box"><table class="plain side"><thead><tr>` +
    `<th scope="col">point</th>${some.map((r) => `<th scope="col">${clean(runners[r])}</th>`).join("")}</tr></thead>` +
    `<tbody>${body}</tbody></table></div>`;
}
function openNamed(name) {
  const [primitive, runner, way] = name.split("|");
  const p = primitives.findIndex((one) => one.name === primitive);
  const r = runners.indexOf(runner), w = ways.findIndex((one) => one.name === way);
  if (p >= 0 && r >= 0 && w >= 0 && primitives[p].answers[r][w]) open(p, r, w);
}

// The lists below the map.
function listFindings(most) {
  const some = data.findings.slice(0, most);
  byId("found").innerHTML = some.map(([state, p, r, w, many, who]) => {
    const one = primitives[p], answers = one.answers[r][w] || [], worst = worstOf(answers, state);
    const where = worst ? `at ${one.points[answers.indexOf(worst)][0]}: ` : "";
    const got = worst && field(worst, "expected") !== null
      ? `expected ${field(worst, "expected")}, got ${field(worst, "got")}, relative error ${field(worst, "error")}`
      : worst ? text(worst, "reason") || "" : "";
    return `<li><button type="button" data-at="${p},${r},${w}">${square(state)}<span><b>${clean(one.name)}</b> · ` +
      `${clean(ways[w].name)} · ${clean(who)}: ${states[state][0]}${many > 1 ? `, ${many} answers` : ""}</span>` +
      `<small>${clean(where + got)}</small></button></li>`;
  }).join("") || "<li>Nothing is wrong, raises or lacks digits.</li>";
  const left = data.findings.length - some.length;
  byId("more").hidden = !left;
  byId("more").textContent = `Show ${left} more`;
}
function worstOf(answers, state) {
  const found = answers.filter((answer) => Array.isArray(answer) && answer[0] === state);
  const size = (answer) => (field(answer, "error") === "inf" ? Infinity : Number(field(answer, "error") ?? Infinity));
  return found.sort((a, b) => size(b) - size(a))[0];
}
function listConventions() {
  const where = byId("conventions");
  const used = runners.map((_, r) => r).filter((r) => data.conventions.some((row) => row[3][r] !== ""));
  where.querySelector("table").innerHTML =
    `<thead><tr><th scope="col">primitive</th><th scope="col">point</th><th scope="col">ways</th>` +
    used.map((r) => `<th scope="col">${clean(runners[r])}</th>`).join("") + "</tr></thead><tbody>" +
    data.conventions.map(([name, some, spot, answers]) =>
      `<tr><th scope="row">${clean(name)}</th><td class="low">${clean(spot)}</td><td class="low">${clean(some)}</td>` +
      used.map((r) => `<td>${clean(answers[r])}</td>`).join("") + "</tr>").join("") + "</tbody>";
}
