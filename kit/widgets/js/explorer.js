// The view of kit.widgets.record and kit.widgets.explorer: filters, tabs where there are several
// pictures, chart and card. plot.js and record.js stand above it in the same module.

// A tab list as WAI-ARIA describes it: arrow keys move, one tab stop. All tabs share one panel,
// because only the visible view is ever computed and drawn.
function kitViewTabs(tabs, panel, choose) {
  const bar = kitElement("div", "kit-tabs");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "Views of the record");
  panel.id = `kit-${kitToken()}`;
  const buttons = tabs.map(([name, title]) => {
    const button = kitButton(title, "kit-tab");
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", panel.id);
    button.id = `${panel.id}-${name}`;
    button.addEventListener("click", () => choose(name));
    bar.append(button);
    return button;
  });
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const step = steps[event.key];
    const to = Number.isFinite(step) ? (at + step + tabs.length) % tabs.length : step < 0 ? 0 : tabs.length - 1;
    buttons[to].focus();
    choose(tabs[to][0]);
  });
  const select = (name) => tabs.forEach(([id], at) => {
    buttons[at].setAttribute("aria-selected", String(id === name));
    buttons[at].tabIndex = id === name ? 0 : -1;
    if (id === name) panel.setAttribute("aria-labelledby", buttons[at].id);
  });
  panel.setAttribute("role", "tabpanel");
  return { bar, select };
}

// The skeleton of a view; nothing in it is filled in.
function kitRecordParts() {
  const parts = {
    root: kitElement("div", "kit-root kit-record"),
    bar: kitElement("div", "kit-status-bar"),
    status: kitElement("span", "kit-status"),
    clear: kitButton("Clear filters"),
    panel: kitElement("div", "kit-view"),
    scope: kitElement("p", "kit-hint kit-scope"),
    own: kitElement("div", "kit-own"),
    empty: kitElement("p", "kit-empty"),
    body: kitElement("div", "kit-record-body"),
    stage: kitElement("div", "kit-stage"),
    box: kitElement("section", "kit-card"),
  };
  parts.status.setAttribute("role", "status");
  parts.box.setAttribute("aria-label", "Details");
  parts.box.tabIndex = -1;
  parts.bar.append(parts.status, parts.clear);
  parts.body.append(parts.stage, parts.box);
  parts.panel.append(parts.scope, parts.own, parts.empty, parts.body);
  parts.root.append(parts.bar, parts.panel);
  return parts;
}

// Fills and focuses the card; returns {open(id), update(card)}.
function kitCardKeeper(model, box) {
  let opener = null; // where the focus returns when the card is closed
  let wanted = null; // only a card that was opened here takes the focus, once it has come
  let shown = null;
  const open = (id) => {
    if (!box.contains(document.activeElement)) opener = document.activeElement;
    wanted = id;
    model.send({ kind: "click", customdata: id });
  };
  const close = () => {
    model.send({ kind: "close" });
    (opener?.isConnected ? opener : box).focus();
  };
  const keys = () => model.get("table").keys ?? [];
  const update = () => {
    const card = model.get("card");
    const content = JSON.stringify([card, keys()]);
    if (content === shown) return;
    shown = content;
    const held = box.contains(document.activeElement);
    kitFillCard(box, card, { open, close, keys });
    box.classList.toggle("kit-card-open", Boolean(card.id));
    if (card.id && (card.id === wanted || held)) box.querySelector("h3").focus();
    if (card.id === wanted) wanted = null;
  };
  return { open, update };
}

const KIT_RECORD_TRAITS = [
  "figure", "summary", "table", "title", "height", "clickable", "status", "filters", "card", "choices",
  "scope", "counts",
];

function render({ model, el }) {
  const { root, bar, status, clear, panel, scope, own, empty, body, stage, box } = kitRecordParts();
  el.append(root);
  const cards = kitCardKeeper(model, box);
  const chart = kitChart(stage, model, { onClick: cards.open, announce: false });
  let pending = null; // an older answer must not undo what was chosen since
  let filters = null;
  let tabs = null;
  let viewed = null;

  const ask = (chosen) => {
    pending = kitToken();
    model.send({ kind: "filter", filters: chosen, token: pending });
  };
  const drawFilters = () => {
    const choices = model.get("choices");
    if (filters || !choices.categories) return;
    filters = kitFilters(choices, { onChange: ask, onUse: (any) => { clear.disabled = !any; } });
    clear.addEventListener("click", filters.reset);
    root.prepend(filters.element);
    for (const [name, element] of Object.entries(filters.views)) {
      element.dataset.view = name;
      own.append(element);
    }
    if (!choices.tabs) return;
    tabs = kitViewTabs(choices.tabs, panel, (name) => { tabs.select(name); filters.choose(name); });
    panel.before(tabs.bar);
    kitOwnKeys(root);
  };
  const drawView = (view) => {
    if (view === viewed) return;
    viewed = view;
    root.dataset.view = view ?? "";
    tabs?.select(view);
    for (const element of own.children) element.hidden = element.dataset.view !== view;
  };
  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  const update = () => {
    drawFilters();
    if (pending === model.get("answered")) pending = null;
    if (filters && pending === null) {
      filters.show(model.get("filters"));
      drawView(model.get("filters").view);
      if (tabs) filters.count(model.get("counts") ?? {});
    }
    const text = model.get("status");
    if (status.textContent !== text) status.textContent = text;
    bar.hidden = !text;
    say(scope, model.get("scope") ?? "");
    const none = Boolean(filters) && !model.get("table").rows.length;
    say(empty, none ? `${model.get("summary")} Change them, or clear them all.` : "");
    clear.classList.toggle("kit-primary", none);
    stage.hidden = none;
    body.hidden = none && !model.get("card").id;
    box.hidden = !model.get("clickable") && !model.get("card").id;
    body.classList.toggle("kit-alone", box.hidden);
    chart.update(Object.fromEntries(KIT_RECORD_TRAITS.map((name) => [name, model.get(name)])));
    cards.update();
  };
  const stops = [kitFollow(model, [...KIT_RECORD_TRAITS, "answered"], update), kitRefusals(root, model)];
  return () => {
    for (const stop of stops) stop();
    filters?.stop();
    chart.destroy();
    root.remove();
  };
}

export default { render };
