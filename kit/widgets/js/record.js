// Filters and cards of the record's views; plot.js stands above it in the same module, explorer.js below.

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

// `groups` are [label, options] after the options that belong to none.
function kitSelect(options, groups = []) {
  const select = kitElement("select", "kit-input");
  const fill = (parent, list) => {
    for (const [value, text] of list) {
      const option = kitElement("option", "", text);
      option.value = value;
      parent.append(option);
    }
  };
  fill(select, options);
  for (const [label, list] of groups) {
    const group = kitElement("optgroup");
    group.label = label;
    fill(group, list);
    select.append(group);
  }
  return select;
}

function kitInput(type, attributes = {}) {
  const input = kitElement("input", "kit-input");
  Object.assign(input, { type, ...attributes });
  return input;
}

// --- filters -----------------------------------------------------------------------------------

const KIT_UNFILTERED = { category: [], actor: "", article: "", text: "", first: null, last: null, kinds: [], code: "" };

// Returns {element, views, show(filters), reset(), choose(view), stop()}. `element` is the filter
// bar; `views` holds what belongs to one view only, by view. `onChange(filters)` is called with what
// the controls say, `onUse(any)` with whether any of them filters.
function kitFilters(choices, { onChange, onUse }) {
  const form = kitElement("form", "kit-filters");
  form.setAttribute("aria-label", "Filter the record");
  const controls = kitControls(choices);
  const { text, actor, article, first, last, code, lanes, year, obligation, boxes, kinds } = controls;
  const periods = choices.periods.map((period) => ({ ...period, button: kitButton(period.label) }));
  let view = "";

  const ticked = (list) => list.filter((box) => box.input.checked).map((box) => box.id);
  const read = () => ({
    category: ticked(boxes), kinds: ticked(kinds), actor: actor.value, article: article.value,
    code: code.value, text: text.value.trim(), first: kitYear(first), last: kitYear(last),
    lanes: lanes.value, year: kitYear(year), obligation: obligation.value, view,
  });
  const mark = () => {
    const now = read();
    for (const { button, ...period } of periods) {
      button.setAttribute("aria-pressed", String(period.first === now.first && period.last === now.last));
    }
    controls.said(now);
    onUse(Object.entries(KIT_UNFILTERED).some(([name, none]) => String(now[name] ?? "") !== String(none ?? "")));
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
    for (const box of kinds) box.input.checked = filters.kinds.includes(box.id);
    const values = { actor, article, code, first, last, lanes, year, obligation };
    for (const [name, control] of Object.entries(values)) control.value = filters[name] ?? "";
    if (text.value.trim() !== filters.text) text.value = filters.text;
    view = filters.view;
    mark();
  };
  const reset = () => { apply({ ...read(), ...KIT_UNFILTERED }); send(); };

  for (const { button, first: from, last: to } of periods) {
    button.addEventListener("click", () => { first.value = from ?? ""; last.value = to ?? ""; send(); });
  }
  const views = kitLayFilters(form, controls, periods.map(({ button }) => button), choices);
  const changed = [first, last, actor, article, code, lanes, obligation];
  for (const control of [...changed, ...[...boxes, ...kinds].map((box) => box.input)]) {
    control.addEventListener("change", () => send());
  }
  text.addEventListener("input", () => send(250));
  year.addEventListener("input", () => send(40));
  form.addEventListener("input", () => { unsent = true; });
  form.addEventListener("focusout", () => { unsent = timer !== 0; }); // typed and taken back
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  return {
    element: form, views, reset,
    show: (filters) => { if (!unsent) apply(filters); },
    choose: (name) => { view = name; send(); },
    count: (counts) => { for (const kind of kinds) kind.count.textContent = ` (${counts[kind.id] ?? 0})`; },
    stop: () => clearTimeout(timer),
  };
}

// Every control of the filters; `said(filters)` puts into words what the slider and the drawer hold.
function kitControls(choices) {
  const [begin, end] = choices.span;
  const years = { min: begin, max: end, step: 1, inputMode: "numeric" };
  const kinds = (choices.kinds ?? []).map((kind) => kitCategory(kind));
  const [from, to] = choices.slider ?? [begin, end];
  const year = kitInput("range", { min: from, max: to, step: 1 });
  const shown = kitElement("output", "kit-year");
  const drawer = kitElement("summary", "");
  return {
    first: kitInput("number", { ...years, placeholder: begin }),
    last: kitInput("number", { ...years, placeholder: end }),
    actor: kitSelect([["", "Anyone"], ...choices.actors.map((a) => [a.id, a.label])]),
    article: kitSelect([["", "Everything"], ["yes", "Named or implied"], ["no", "Not mentioned"]]),
    code: kitSelect([["", "Any code"]], choices.codes ?? []),
    lanes: kitSelect([["category", "Category"], ["actor", "Who acted"]]),
    text: kitInput("search", { placeholder: "for example: submarine", autocomplete: "off" }),
    obligation: kitSelect([["", "Everything"], ...(choices.obligations ?? [])]),
    boxes: choices.categories.map((category) => kitCategory(category)),
    year, kinds, shown, drawer,
    said: (filters) => {
      shown.textContent = String(filters.year ?? "");
      const names = kinds.filter((kind) => filters.kinds.includes(kind.id)).map((kind) => kind.label);
      drawer.textContent = `Sources by kind of publisher: ${names.join(", ") || "all"}`;
    },
  };
}

// Puts the controls into the form; returns the elements that belong to one view only, by view.
function kitLayFilters(form, controls, buttons, choices) {
  const period = kitElement("div", "kit-presets");
  period.setAttribute("role", "group");
  period.setAttribute("aria-label", "Period");
  period.append(...buttons);
  const group = kitElement("fieldset", "kit-categories");
  group.append(kitElement("legend", "kit-field-label", "Category (none ticked shows all)"));
  for (const box of controls.boxes) group.append(box.element);
  const row = kitElement("div", "kit-filter-row");
  row.append(
    kitField("Find words", controls.text, "kit-wide"), kitField("Who", controls.actor),
    kitField("In the article", controls.article), kitField("From year", controls.first),
    kitField("To year", controls.last), period,
  );
  form.append(row, group);
  const lanes = kitField("Lanes by", controls.lanes);
  if (!choices.tabs) {
    row.append(lanes);
    return {};
  }
  const drawer = kitElement("details", "kit-drawer");
  const kinds = kitElement("fieldset", "kit-categories");
  kinds.append(kitElement("legend", "kit-field-label", "Show what rests on a source of these kinds (none ticked shows all)"));
  for (const kind of controls.kinds) kinds.append(kind.element);
  drawer.append(controls.drawer, kinds);
  const further = kitElement("div", "kit-filter-row kit-further");
  further.append(kitField("Coded as", controls.code), drawer);
  form.append(further);
  const slider = kitField("Year", controls.year, "kit-slider");
  slider.append(controls.shown);
  const network = kitElement("div", "kit-filter-row");
  network.append(slider, kitField("Bound to do what", controls.obligation));
  return { timeline: lanes, network };
}

// A box to tick, with a sign where there is one; `count` holds the number behind the label.
function kitCategory({ id, label, count: many, color, glyph }) {
  const element = kitElement("label", "kit-category");
  const input = kitInput("checkbox", { className: "" });
  element.append(input);
  if (glyph) {
    const sign = kitElement("span", "kit-glyph", glyph);
    sign.style.color = color;
    sign.setAttribute("aria-hidden", "true");
    element.append(sign);
  }
  const name = kitElement("span", "", label);
  const count = kitElement("span", "", ` (${many})`);
  name.append(count);
  element.append(name);
  return { id, label, input, element, count };
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
