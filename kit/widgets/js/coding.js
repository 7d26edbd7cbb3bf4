// The coding matrix (kit.widgets.coding.CodingView); plot.js and parts.js stand above it in the same
// module. One agreement at a time; what is chosen is sent at once. All text is set as text.

let kitCodings = 0; // makes ids unique when one page shows several matrices

function kitCodingKey(agreement, obligation) {
  return `${agreement} ${obligation}`;
}

function kitCodingSelect(view, agreement, obligation, chosen, send) {
  const select = kitElement("select", "kit-task-input kit-coding-select");
  for (const force of view.forces) {
    const option = kitElement("option", "", force.label);
    option.value = force.id;
    select.append(option);
  }
  select.dataset.kitObligation = obligation.id;
  select.value = chosen.get(kitCodingKey(agreement.id, obligation.id)) ?? view.forces[0].id;
  const mark = () => select.classList.toggle("kit-coding-set", select.selectedIndex > 0);
  mark();
  select.addEventListener("change", () => {
    mark();
    send({ kind: "mark", agreement: agreement.id, obligation: obligation.id, force: select.value });
  });
  return select;
}

function kitCodingPage(view, uid, agreement, chosen, send) {
  const box = kitElement("div");
  const heading = kitHeading(3, agreement.name, "kit-coding-name");
  box.append(heading, kitElement("p", "kit-task-small", agreement.about), kitElement("p", "", agreement.summary));
  if (agreement.says.length) {
    const list = kitElement("ul", "kit-coding-says");
    for (const said of agreement.says) list.append(kitElement("li", "", said));
    box.append(kitElement("p", "kit-coding-part", "What it says, in our words"), list);
  }
  if (agreement.notes) box.append(kitElement("p", "", `Notes: ${agreement.notes}`));
  const set = kitElement("fieldset", "kit-coding-set-box");
  set.append(kitElement("legend", "kit-task-question", "What does it oblige its parties to do, and how firmly?"));
  view.obligations.forEach((obligation, n) => {
    const line = kitElement("div", "kit-coding-line");
    const label = kitElement("label");
    const select = kitCodingSelect(view, agreement, obligation, chosen, send);
    select.id = `${uid}-${n}`;
    label.htmlFor = select.id;
    label.append(kitElement("strong", "", obligation.label), kitElement("span", "kit-task-small", obligation.question));
    line.append(label, select);
    set.append(line);
  });
  box.append(set);
  return { box, heading };
}

function kitCodingMatrix(view, chosen) {
  const label = new Map(view.forces.map((force) => [force.id, force.short]));
  const decided = new Map((view.compared.decided ?? []).map(([a, o, force]) => [kitCodingKey(a, o), force]));
  const none = view.forces[0].id;
  const box = kitElement("div", "kit-table-box kit-coding-box");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Your matrix");
  const table = kitElement("table", "kit-table kit-coding-matrix");
  const caption = decided.size
    ? "Your marks; where the decided coding differs, it stands below yours"
    : "Your marks so far";
  table.append(kitElement("caption", "", caption));
  const head = kitElement("tr");
  head.append(kitElement("th", "", "Agreement"));
  for (const obligation of view.obligations) head.append(kitElement("th", "", obligation.label));
  for (const cell of head.children) cell.scope = "col";
  const body = kitElement("tbody");
  for (const agreement of view.agreements) {
    const row = kitElement("tr");
    const name = kitElement("th", "", agreement.short);
    name.scope = "row";
    row.append(name);
    for (const obligation of view.obligations) {
      const key = kitCodingKey(agreement.id, obligation.id);
      const mine = chosen.get(key) ?? none;
      const theirs = decided.get(key) ?? mine;
      const cell = kitElement("td", mine === none ? "kit-coding-none" : `kit-coding-${mine}`);
      cell.append(kitElement("span", "", label.get(mine)));
      if (decided.size && theirs !== mine) {
        cell.classList.add("kit-coding-differs");
        cell.append(kitElement("span", "kit-coding-theirs", `≠ ${theirs === none ? "nothing" : label.get(theirs)}`));
      } else if (decided.size && mine !== none) cell.append(kitElement("span", "kit-coding-same", " ✓"));
      row.append(cell);
    }
    body.append(row);
  }
  const thead = kitElement("thead");
  thead.append(head);
  table.append(thead, body);
  box.append(table);
  return box;
}

function kitCodingPairs(view) {
  const box = kitElement("section");
  const note = "The two coders had the same texts, words and definitions, and did not see each other's coding. Most cells are empty for everybody, which makes equal cells cheap; kappa takes away what chance alone would give. One is complete agreement, zero no better than chance.";
  box.append(kitHeading(3, "You and the coders"), kitElement("p", "", note));
  box.append(kitTable({ columns: ["One", "The other", "Cells the same", "Kappa"], rows: view.compared.pairs }, { caption: "How far each pair agrees" }));
  return box;
}

function kitCodingDifferences(view) {
  const { differences } = view.compared;
  const box = kitElement("section");
  const title = differences.length ? `Where not all agree (${differences.length})` : "All codings of these cells are the same.";
  box.append(kitElement("p", "kit-coding-part", title));
  for (const found of differences) {
    const item = kitElement("details", "kit-coding-difference");
    const mine = found.forces[0][1];
    const decided = found.forces.at(-1)[1];
    const word = mine === decided ? `you and the decided coding: ${mine}` : `you: ${mine}; decided: ${decided}`;
    const line = kitElement("summary");
    line.append(kitElement("strong", "", `${found.title}. `), word);
    const list = kitElement("ul");
    for (const [who, force] of found.forces) list.append(kitElement("li", "", `${who}: ${force}`));
    item.append(line, list);
    if (found.note) item.append(kitElement("p", "", `Note on the decided coding: ${found.note}`));
    box.append(item);
  }
  return box;
}

function render({ model, el }) {
  const uid = `kit-coding-${(kitCodings += 1)}`;
  const root = kitElement("section", "kit-root kit-task kit-coding");
  kitOwnKeys(root);
  root.setAttribute("aria-label", "Your coding of agreements");
  const steps = kitElement("ol", "kit-coding-steps");
  const page = kitElement("div");
  const row = kitElement("div", "kit-task-row");
  const next = kitButton("", "kit-primary");
  const told = kitElement("span", "kit-task-small");
  told.setAttribute("role", "status");
  row.append(next, told);
  const pairs = kitElement("div");
  const differences = kitElement("div");
  const matrix = kitElement("div");
  const notice = kitElement("p", "kit-error");
  notice.setAttribute("role", "alert");
  root.append(kitElement("p", "kit-task-title", "Your coding"), steps, page, row, pairs, matrix, differences, notice);
  el.append(root);

  const memory = { at: 0, shown: -1, ready: false };
  const chosen = new Map();
  const send = (message) => {
    if (message.kind === "mark") chosen.set(kitCodingKey(message.agreement, message.obligation), message.force);
    model.send(message);
  };

  const open = (view) => view.agreements.findIndex((item) => !view.done.includes(item.id));

  function go(number, focus = true) {
    memory.at = number;
    draw();
    if (focus) page.querySelector("h3")?.focus();
  }

  function drawSteps(view) {
    const at = document.activeElement?.dataset?.kitStep;
    steps.replaceChildren(...view.agreements.map((agreement, n) => {
      const item = kitElement("li");
      const done = view.done.includes(agreement.id);
      const button = kitButton(`${done ? "✓ " : ""}${agreement.short}`);
      button.dataset.kitStep = String(n);
      button.setAttribute("aria-label", `${agreement.short}, ${done ? "coded" : "not coded yet"}`);
      if (n === memory.at) button.setAttribute("aria-current", "step");
      button.addEventListener("click", () => go(n));
      item.append(button);
      return item;
    }));
    if (at !== undefined) steps.querySelector(`[data-kit-step="${at}"]`)?.focus();
  }

  function draw() {
    const view = model.get("view");
    chosen.clear();
    for (const [a, o, force] of view.marks) chosen.set(kitCodingKey(a, o), force);
    drawSteps(view);
    if (memory.shown !== memory.at) { // a page is drawn once, so that focus stays in its selects
      page.replaceChildren(kitCodingPage(view, uid, view.agreements[memory.at], chosen, send).box);
      memory.shown = memory.at;
    }
    const here = view.agreements[memory.at];
    for (const select of page.querySelectorAll("select")) { // marks may also come from another cell
      const force = chosen.get(kitCodingKey(here.id, select.dataset.kitObligation)) ?? view.forces[0].id;
      if (select !== document.activeElement && select.value !== force) {
        select.value = force;
        select.classList.toggle("kit-coding-set", select.selectedIndex > 0);
      }
    }
    const left = view.agreements.length - view.done.length;
    const done = view.done.includes(here.id);
    next.textContent = done ? "Next agreement" : left === 1 ? "Done: compare with the coders" : "Done with this agreement";
    told.textContent = left ? `${view.done.length} of ${view.agreements.length} coded. The comparison opens after the last.` : "All coded. You may still change marks.";
    const ready = Boolean(view.compared.pairs);
    const opened = [...differences.querySelectorAll("details[open]")].map((item) => item.firstChild.textContent);
    pairs.replaceChildren(...(ready ? [kitCodingPairs(view)] : []));
    differences.replaceChildren(...(ready ? [kitCodingDifferences(view)] : []));
    for (const item of differences.querySelectorAll("details")) item.open = opened.includes(item.firstChild.textContent);
    matrix.replaceChildren(kitCodingMatrix(view, chosen));
    const problem = model.get("error") || view.notice;
    notice.textContent = problem;
    notice.hidden = !problem;
    return ready;
  }

  function update() {
    const view = model.get("view");
    const before = memory.done ?? view.done.length;
    const was = memory.ready;
    const finished = view.done.length > before;
    const step = open(view);
    if (finished && step >= 0) memory.at = step;
    const ready = draw();
    memory.ready = ready;
    memory.done = view.done.length;
    if (ready && !was && memory.drawn) pairs.querySelector("h3").focus();
    else if (finished) page.querySelector("h3")?.focus();
    memory.drawn = true;
  }

  next.addEventListener("click", () => {
    const view = model.get("view");
    const here = view.agreements[memory.at];
    if (view.done.includes(here.id)) go((memory.at + 1) % view.agreements.length);
    else send({ kind: "finish", agreement: here.id });
  });
  model.on("change:view", update);
  model.on("change:error", update);
  memory.at = Math.max(0, open(model.get("view")));
  update();
  return () => {
    model.off("change:view", update);
    model.off("change:error", update);
    root.remove();
  };
}

export default { render };
