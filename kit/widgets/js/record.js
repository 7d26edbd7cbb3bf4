// The views of kit.widgets.record; plot.js stands above it in the same module.

function kitToken() {
  return crypto.getRandomValues(new Uint32Array(2)).join("-");
}

// The label stands beside its control: around a list, the list's entries would become its name.
function kitField(text, control, className = "") {
  const field = kitElement("div", `kit-field ${className}`.trim());
  const label = kitElement("label", "kit-field-label", text);
  label.htmlFor = control.id = `kit-${kitToken()}`;
  field.append(label, control);
  return field;
}

function kitSelect(options) {
  const select = kitElement("select", "kit-input");
  for (const [value, text] of options) {
    const option = kitElement("option", "", text);
    option.value = value;
    select.append(option);
  }
  return select;
}

function kitInput(type, attributes = {}) {
  const input = kitElement("input", "kit-input");
  Object.assign(input, { type, ...attributes });
  return input;
}

// --- filters -----------------------------------------------------------------------------------

// Returns {element, show(filters), reset(), stop()}; `onChange(filters)` is called with what the
// controls say, `onUse(any)` with whether any of them filters.
function kitFilters(choices, { onChange, onUse }) {
  const form = kitElement("form", "kit-filters");
  form.setAttribute("aria-label", "Filter the record");
  const [begin, end] = choices.span;
  const years = { min: begin, max: end, step: 1, inputMode: "numeric" };
  const first = kitInput("number", { ...years, placeholder: begin });
  const last = kitInput("number", { ...years, placeholder: end });
  const actor = kitSelect([["", "Anyone"], ...choices.actors.map((a) => [a.id, a.label])]);
  const article = kitSelect([["", "Everything"], ["yes", "Named or implied"], ["no", "Not mentioned"]]);
  const lanes = kitSelect([["category", "Category"], ["actor", "Who acted"]]);
  const text = kitInput("search", { placeholder: "for example: submarine", autocomplete: "off" });
  const boxes = choices.categories.map((category) => kitCategory(category));
  const periods = choices.periods.map((period) => ({ ...period, button: kitButton(period.label) }));

  const read = () => ({
    category: boxes.filter((box) => box.input.checked).map((box) => box.id),
    actor: actor.value, article: article.value, lanes: lanes.value, text: text.value.trim(),
    first: kitYear(first), last: kitYear(last),
  });
  const mark = () => {
    const now = read();
    for (const { button, ...period } of periods) {
      button.setAttribute("aria-pressed", String(period.first === now.first && period.last === now.last));
    }
    onUse(Boolean(now.category.length || now.actor || now.article || now.text || now.first || now.last));
  };
  let timer = 0;
  let unsent = false; // an answer to what was chosen earlier must not undo what is being typed
  const send = (wait = 0) => {
    mark();
    clearTimeout(timer);
    unsent = true;
    timer = setTimeout(() => {
      timer = 0;
      unsent = false;
      onChange(read());
    }, wait);
  };
  const apply = (filters) => {
    for (const box of boxes) box.input.checked = filters.category.includes(box.id);
    const values = [[actor, "actor"], [article, "article"], [lanes, "lanes"], [first, "first"], [last, "last"]];
    for (const [control, name] of values) control.value = filters[name] ?? "";
    if (text.value.trim() !== filters.text) text.value = filters.text;
    mark();
  };
  const show = (filters) => { if (!unsent) apply(filters); };
  const reset = () => {
    apply({ category: [], actor: "", article: "", text: "", first: null, last: null, lanes: lanes.value });
    send();
  };

  const period = kitElement("div", "kit-presets");
  period.setAttribute("role", "group");
  period.setAttribute("aria-label", "Period");
  for (const { button, first: from, last: to } of periods) {
    button.addEventListener("click", () => { first.value = from ?? ""; last.value = to ?? ""; send(); });
    period.append(button);
  }
  const group = kitElement("fieldset", "kit-categories");
  group.append(kitElement("legend", "kit-field-label", "Category (none ticked shows all)"));
  for (const box of boxes) group.append(box.element);
  const row = kitElement("div", "kit-filter-row");
  row.append(
    kitField("Find words", text, "kit-wide"), kitField("Who", actor), kitField("In the article", article),
    kitField("From year", first), kitField("To year", last), period, kitField("Lanes by", lanes),
  );
  form.append(row, group);
  for (const control of [first, last, actor, article, lanes, ...boxes.map((box) => box.input)]) {
    control.addEventListener("change", () => send());
  }
  text.addEventListener("input", () => send(250));
  form.addEventListener("input", () => { unsent = true; });
  form.addEventListener("focusout", () => { unsent = timer !== 0; }); // typed and taken back
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  return { element: form, show, reset, stop: () => clearTimeout(timer) };
}

function kitCategory({ id, label, count, color, glyph }) {
  const element = kitElement("label", "kit-category");
  const input = kitInput("checkbox", { className: "" });
  const sign = kitElement("span", "kit-glyph", glyph);
  sign.style.color = color;
  sign.setAttribute("aria-hidden", "true");
  element.append(input, sign, kitElement("span", "", `${label} (${count})`));
  return { id, input, element };
}

function kitYear(input) {
  const year = Number.parseInt(input.value, 10);
  return Number.isNaN(year) ? null : year;
}

// --- the card ----------------------------------------------------------------------------------

// Fills `box` with a card, or with a hint when there is none; `act` has open(id), close(), keys().
function kitFillCard(box, card, act) {
  if (!card.id) {
    box.replaceChildren(kitElement("p", "kit-hint", "Click a mark, or open a row of the table, to read about it here."));
    return;
  }
  const title = kitElement("h3", "kit-card-title", card.title);
  title.tabIndex = -1; // receives the focus when the card opens
  const facts = kitElement("dl", "kit-facts");
  for (const [label, text] of card.facts) {
    facts.append(kitElement("dt", "", label), kitElement("dd", "", text));
  }
  box.replaceChildren(kitSteps(card, act), title, kitElement("p", "kit-card-date", card.date));
  if (card.summary) box.append(kitElement("p", "", card.summary));
  box.append(facts);
  for (const kind of new Set(card.links.map(([label]) => label))) box.append(kitLinks(kind, card, act));
  box.append(kitElement("h4", "kit-card-part", `Sources (${card.sources.length})`), kitSources(card.sources));
}

function kitSteps(card, { open, close, keys }) {
  const steps = kitElement("div", "kit-steps");
  const at = keys().indexOf(card.id);
  for (const [text, to] of [["Previous", at - 1], ["Next", at + 1]]) {
    const button = kitButton(text);
    button.disabled = at < 0 || keys()[to] === undefined;
    button.addEventListener("click", () => open(keys()[to]));
    steps.append(button);
  }
  const away = kitButton("Close", "kit-quiet");
  away.addEventListener("click", close);
  steps.append(away);
  return steps;
}

function kitLinks(kind, card, { open }) {
  const part = kitElement("div");
  const list = kitElement("ul", "kit-links");
  for (const [label, title, id] of card.links) {
    if (label !== kind) continue;
    const button = kitButton(title, "kit-link");
    button.addEventListener("click", () => open(id));
    const item = kitElement("li");
    item.append(button);
    list.append(item);
  }
  part.append(kitElement("h4", "kit-card-part", list.childNodes.length > 1 ? `${kind}s` : kind), list);
  return part;
}

function kitSources(sources) {
  const list = kitElement("ul", "kit-sources");
  for (const { title, publisher, date, url, supports } of sources) {
    const item = kitElement("li");
    const name = kitElement(url ? "a" : "span", "", title);
    if (/^https?:\/\//i.test(url)) {
      Object.assign(name, { href: url, target: "_blank", rel: "noopener noreferrer" });
      name.append(kitElement("span", "kit-hidden", " (opens in a new tab)"));
    }
    item.append(name, kitElement("span", "kit-source-about", [publisher, date].filter(Boolean).join(", ")));
    if (supports) item.append(kitElement("span", "kit-source-about", `Supports: ${supports}`));
    list.append(item);
  }
  return list;
}

// --- the view ----------------------------------------------------------------------------------

function render({ model, el }) {
  const names = ["figure", "summary", "table", "title", "height", "clickable", "status", "filters", "card", "choices"];
  const root = kitElement("div", "kit-root kit-record");
  const bar = kitElement("div", "kit-status-bar");
  const status = kitElement("span", "kit-status");
  status.setAttribute("role", "status");
  const clear = kitButton("Clear filters");
  bar.append(status, clear);
  const empty = kitElement("p", "kit-empty", "No event matches these filters. Change them, or clear them all.");
  const body = kitElement("div", "kit-record-body");
  const stage = kitElement("div", "kit-stage");
  const box = kitElement("section", "kit-card");
  box.setAttribute("aria-label", "Details");
  body.append(stage, box);
  root.append(bar, empty, body);
  el.append(root);

  let pending = null; // an older answer must not undo what was chosen since
  let opener = null; // where the focus returns when the card is closed
  let moves = false; // only a card that was opened here takes the focus
  const open = (id) => {
    if (!box.contains(document.activeElement)) opener = document.activeElement;
    moves = true;
    model.send({ kind: "click", customdata: id });
  };
  const close = () => {
    model.send({ kind: "close" });
    (opener?.isConnected ? opener : box).focus();
  };
  const act = { open, close, keys: () => model.get("table").keys ?? [] };
  const chart = kitChart(stage, model, { onClick: open, announce: false });
  box.tabIndex = -1;

  let filters = null;
  const ask = (chosen) => {
    pending = kitToken();
    model.send({ kind: "filter", filters: chosen, token: pending });
  };
  const drawFilters = () => {
    if (filters || !model.get("choices").categories) return;
    filters = kitFilters(model.get("choices"), { onChange: ask, onUse: (any) => { clear.disabled = !any; } });
    clear.addEventListener("click", filters.reset);
    root.prepend(filters.element);
  };

  let shown = null;
  const drawCard = () => {
    const card = model.get("card");
    const content = JSON.stringify([card, act.keys()]);
    if (content === shown) return;
    shown = content;
    const held = box.contains(document.activeElement);
    kitFillCard(box, card, act);
    box.classList.toggle("kit-card-open", Boolean(card.id));
    if (card.id && (moves || held)) box.querySelector("h3").focus();
    moves = false;
  };
  const update = () => {
    drawFilters();
    if (pending === model.get("answered")) pending = null;
    if (filters && pending === null) filters.show(model.get("filters"));
    const text = model.get("status");
    if (status.textContent !== text) status.textContent = text;
    bar.hidden = !text;
    const none = Boolean(filters) && !model.get("table").rows.length;
    empty.hidden = !none;
    clear.classList.toggle("kit-primary", none);
    stage.hidden = none;
    body.hidden = none && !model.get("card").id;
    chart.update(Object.fromEntries(names.map((name) => [name, model.get(name)])));
    drawCard();
  };
  let planned = false;
  const plan = () => {
    if (planned) return; // one message changes several traits: draw once
    planned = true;
    queueMicrotask(() => {
      planned = false;
      update();
    });
  };
  for (const name of [...names, "answered"]) model.on(`change:${name}`, plan);
  update();
  return () => {
    for (const name of [...names, "answered"]) model.off(`change:${name}`, plan);
    filters?.stop();
    chart.destroy();
    root.remove();
  };
}

export default { render };
