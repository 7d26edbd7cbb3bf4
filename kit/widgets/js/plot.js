// Shared drawing functions of the kit's widgets. Plain top-level functions: Python joins this file
// and a widget's own file into one module (kit.widgets.plotlyjs.esm), so nothing is imported.
//
//   kitElement(tag, className, text)  -> a new element; text is set as text, never as HTML
//   kitFollow(model, names, update)   -> stop(): calls update() now, and once for each message that
//                                        changes any of these traits
//   kitRefusals(root, model)          -> stop(): at the end of `root` stands what Python refused, the
//                                        trait `error`, while there is any
//   kitOwnKeys(root)                  -> keys pressed inside `root` are its own, not notebook commands
//   kitLoadPlotly(model)              -> promise of Plotly; loads it once per page. `model` is a widget
//                                        model whose trait `plotly` refers to the library's model
//   kitTheme(element)                 -> {text, muted, line, grid, surface, family} as the page shows
//                                        them where `element` is, so `element` must be in the page
//   kitDrawPlot(element, spec)        -> promise; draws or redraws spec.figure into `element` and keeps
//                                        it in step with its width and the page's theme.
//                                        spec = {Plotly, figure, height, onClick(customdata)}
//   kitRemovePlot(element)            -> stops watching and frees what Plotly holds
//   kitSavePicture(element, name)     -> downloads the plot as a PNG in light colors on white
//   kitTable(table, options)          -> a real table in a scrolling box.
//                                        table = {columns, rows, keys}; options = {caption, onOpen(key)};
//                                        with onOpen every row that has a key gets an "Open" button
//   kitChart(parent, model, options)  -> {update(spec), destroy()}: plot, one-sentence summary, buttons
//                                        and table in one block.
//                                        spec = {figure, summary, table, title, height, clickable}
//                                        options = {onClick(customdata), announce}; announce: false
//                                        where the panel around it says what changed

function kitElement(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function kitFollow(model, names, update) {
  let planned = false;
  const plan = () => {
    if (planned) return; // one message changes several traits: draw once
    planned = true;
    queueMicrotask(() => {
      planned = false;
      update();
    });
  };
  for (const name of names) model.on(`change:${name}`, plan);
  update();
  return () => {
    for (const name of names) model.off(`change:${name}`, plan);
  };
}

function kitRefusals(root, model) {
  const words = kitElement("p", "kit-error");
  words.setAttribute("role", "alert");
  const show = () => {
    words.textContent = model.get("error");
    words.hidden = !words.textContent;
  };
  root.append(words);
  model.on("change:error", show);
  show();
  return () => model.off("change:error", show);
}

// JupyterLab looks for its shortcuts from the focused element upwards and stops at this mark, so the
// mark must be on the focused element itself; otherwise arrows move between cells and Enter edits one.
function kitOwnKeys(root) {
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

function kitButton(text, className = "") {
  const button = kitElement("button", `kit-button ${className}`.trim(), text);
  button.type = "button";
  return button;
}

// --- the library -----------------------------------------------------------------------------

async function kitLoadPlotly(model) {
  const id = String(model.get("plotly")).replace("IPY_MODEL_", "");
  const library = await model.widget_manager.get_model(id);
  const version = library.get("version");
  const loaded = (globalThis.__kitPlotly ??= new Map());
  if (!loaded.has(version)) {
    const promise = kitImportLibrary(library.get("code"));
    promise.catch(() => loaded.delete(version)); // the next chart may try again
    loaded.set(version, promise);
  }
  return loaded.get(version);
}

// As a module of its own, Plotly sees neither require.js (`define`) nor a bundler's `module`, and
// another copy of it on the page keeps the global name.
async function kitImportLibrary(code) {
  const unpacked = new Blob([code]).stream().pipeThrough(new DecompressionStream("gzip"));
  const before = `const module = {exports: {}};
const others = Object.getOwnPropertyDescriptor(globalThis, "Plotly");
(function () {\n`;
  const after = `\n}).call(globalThis);
if (others) Object.defineProperty(globalThis, "Plotly", others); else delete globalThis.Plotly;
export default module.exports;\n`;
  const parts = [before, await new Response(unpacked).blob(), after];
  const url = URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
  try {
    return (await import(/* webpackIgnore: true */ url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

// --- colors ----------------------------------------------------------------------------------

const KIT_LIGHT = {
  text: "#1f1f1f", muted: "#5c5c5c", line: "#8a8a8a", grid: "#e0e0e0", surface: "#ffffff",
  family: "system-ui, sans-serif",
};

function kitTheme(element) {
  const probe = kitElement("span");
  probe.hidden = true;
  element.append(probe);
  const theme = { ...KIT_LIGHT };
  for (const name of ["text", "muted", "line", "grid", "surface"]) {
    probe.style.color = `var(--kit-${name}, ${KIT_LIGHT[name]})`;
    theme[name] = getComputedStyle(probe).color;
  }
  theme.family = getComputedStyle(element).fontFamily || KIT_LIGHT.family;
  probe.remove();
  return theme;
}

// The data colors of Okabe and Ito are made for paper; on dark grounds the deep ones need more light.
const KIT_ON_DARK = {
  "#0072B2": "#4BA3E3", "#D55E00": "#FF8C42", "#009E73": "#2EC49A", "#7A7A7A": "#B3B3B3",
};

function kitIsDark(theme) {
  const parts = theme.surface.match(/^rgba?\(([\d.]+), ?([\d.]+), ?([\d.]+)/);
  return parts !== null && parts[1] * 0.3 + parts[2] * 0.6 + parts[3] * 0.1 < 110;
}

function kitLit(figure, theme) {
  if (!kitIsDark(theme)) return structuredClone(figure);
  const deep = new RegExp(Object.keys(KIT_ON_DARK).join("|"), "gi");
  const lit = JSON.stringify(figure).replace(deep, (color) => KIT_ON_DARK[color.toUpperCase()]);
  return JSON.parse(lit);
}

// The theme goes into the figure's template: it reaches every axis without creating one, and what a
// figure sets for itself still wins.
function kitThemed(figure, theme) {
  const clear = "rgba(0, 0, 0, 0)";
  const copy = kitLit(figure, theme);
  const layout = (copy.layout ??= {});
  const template = (layout.template ??= {});
  const base = (template.layout ??= {});
  const font = { color: theme.text, family: theme.family };
  const axis = { gridcolor: theme.grid, linecolor: theme.line, tickcolor: theme.line, zerolinecolor: theme.line };
  const merge = (key, values) => { base[key] = { ...base[key], ...values }; };
  base.paper_bgcolor = base.plot_bgcolor = clear;
  merge("font", { size: 13, ...base.font, ...font });
  merge("title", { ...base.title, font: { size: 16, ...base.title?.font } });
  for (const name of ["xaxis", "yaxis"]) {
    const title = { standoff: 12, ...base[name]?.title, font: { size: 13, ...base[name]?.title?.font } };
    merge(name, { automargin: true, ...base[name], ...axis, title });
  }
  merge("hoverlabel", { bgcolor: theme.surface, bordercolor: theme.line, align: "left", font: { size: 13, ...font } });
  merge("legend", { bgcolor: clear, bordercolor: theme.line });
  merge("annotationdefaults", { arrowcolor: theme.text });
  merge("shapedefaults", { line: { color: theme.line } });
  merge("geo", { bgcolor: clear });
  base.margin ??= { l: 16, r: 16, t: layout.title ? 56 : 24, b: 40 };
  base.colorway ??= ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7"];
  delete layout.width;
  delete layout.height;
  layout.autosize = true;
  return copy;
}

// --- drawing ---------------------------------------------------------------------------------

const KIT_PLOTS = new WeakMap();
const KIT_CONFIG = {
  // Our own buttons replace Plotly's bar: reachable and named, and nothing there can upload.
  displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
  responsive: false, // our observer sees the cell's width, Plotly's only the window's
  showTips: false,
};

async function kitDrawPlot(element, spec) {
  let plot = KIT_PLOTS.get(element);
  if (!plot) {
    plot = { revision: 0, drawn: false, width: 0 };
    KIT_PLOTS.set(element, plot);
    kitWatch(element, plot);
  }
  if (plot.spec?.figure !== spec.figure) plot.revision += 1;
  plot.spec = spec;
  await kitPaint(element, plot);
}

async function kitPaint(element, plot) {
  const { Plotly, figure, height } = plot.spec;
  element.style.height = `${height || figure.layout?.height || 380}px`;
  plot.waiting = !element.isConnected || element.clientWidth === 0;
  if (plot.waiting) return; // text has no size now; kitWatch calls again when it has
  const { data, layout, frames } = kitThemed(figure, kitTheme(element));
  layout.uirevision ??= plot.revision; // a change of theme keeps the zoom, a new figure does not
  plot.width = element.clientWidth;
  await Plotly.react(element, { data, layout, frames, config: KIT_CONFIG });
  if (plot.drawn || !KIT_PLOTS.has(element)) return;
  plot.drawn = true;
  element.on("plotly_click", (event) => {
    const point = event.points.find((p) => p.customdata !== undefined && p.customdata !== null);
    if (!point) return;
    const { customdata } = point; // a row of a packed array would not survive JSON
    plot.spec.onClick?.(ArrayBuffer.isView(customdata) ? Array.from(customdata) : customdata);
  });
}

function kitWatch(element, plot) {
  const report = (error) => console.warn("kit: the plot could not be redrawn", error);
  const paint = () => KIT_PLOTS.has(element) && kitPaint(element, plot).catch(report);
  plot.resize = new ResizeObserver(() => {
    if (plot.waiting) paint();
    else if (plot.drawn && element.clientWidth && element.clientWidth !== plot.width) {
      plot.width = element.clientWidth;
      Promise.resolve(plot.spec.Plotly.Plots.resize(element)).catch(() => {}); // hidden meanwhile
    }
  });
  plot.resize.observe(element);
  plot.theme = new MutationObserver(() => {
    paint();
    // JupyterLab hides everything while it changes the theme, for less than the time after which
    // the observer above would notice; so look again when that is over.
    requestAnimationFrame(() => requestAnimationFrame(() => plot.waiting && paint()));
  });
  plot.theme.observe(document.body, {
    attributeFilter: ["data-jp-theme-name", "data-jp-theme-light", "data-vscode-theme-kind"],
  });
}

function kitRemovePlot(element) {
  const plot = KIT_PLOTS.get(element);
  if (!plot) return;
  KIT_PLOTS.delete(element);
  plot.resize.disconnect();
  plot.theme.disconnect();
  if (plot.drawn) plot.spec.Plotly.purge(element);
}

function kitSavePicture(element, name) {
  const plot = KIT_PLOTS.get(element);
  if (!plot?.drawn) return Promise.resolve();
  const { data, layout } = kitThemed(plot.spec.figure, { ...KIT_LIGHT, family: "sans-serif" });
  layout.paper_bgcolor = "#ffffff";
  const size = { width: element.clientWidth, height: element.clientHeight, scale: 2 };
  const filename = name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "chart";
  return plot.spec.Plotly.downloadImage({ data, layout }, { format: "png", filename, ...size });
}

// --- numbers and the whole block ---------------------------------------------------------------

function kitTable(table, { caption = "", onOpen = null } = {}) {
  const box = kitElement("div", "kit-table-box");
  box.tabIndex = 0; // a box that scrolls must be reachable to be scrolled by keyboard
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption || "Table");
  const node = kitElement("table", "kit-table");
  if (caption) node.append(kitElement("caption", "", caption));
  const keys = onOpen ? table.keys ?? [] : [];
  const head = kitElement("tr");
  for (const name of [...table.columns, ...(keys.length ? ["Open"] : [])]) {
    const cell = kitElement("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  const body = kitElement("tbody");
  table.rows.forEach((values, index) => {
    const row = kitRow(values);
    if (keys.length) row.append(kitOpenCell(values[0], keys[index], onOpen));
    body.append(row);
  });
  const top = kitElement("thead");
  top.append(head);
  node.append(top, body);
  box.append(node);
  return box;
}

function kitRow(values) {
  const row = kitElement("tr");
  values.forEach((value, column) => {
    const number = typeof value === "number" ? "kit-number" : "";
    const cell = kitElement(column ? "td" : "th", number, String(value ?? ""));
    if (!column) cell.scope = "row";
    row.append(cell);
  });
  return row;
}

function kitOpenCell(name, key, onOpen) {
  const cell = kitElement("td");
  if (key === undefined || key === null) return cell;
  const button = kitButton("Open");
  button.setAttribute("aria-label", `Open ${name ?? ""}`.trim());
  button.addEventListener("click", () => onOpen(key));
  cell.append(button);
  return cell;
}

function kitChart(parent, model, { onClick = null, announce = true } = {}) {
  const root = kitElement("figure", "kit-root kit-chart");
  kitOwnKeys(root);
  const title = kitElement("figcaption", "kit-title");
  const area = kitElement("div", "kit-plot");
  area.setAttribute("role", "img");
  const summary = kitElement("p", "kit-summary");
  if (announce) summary.setAttribute("aria-live", "polite");
  const numbers = kitElement("details", "kit-numbers");
  const toggle = kitElement("summary", "", "Show the numbers as a table");
  numbers.append(toggle);
  const tools = kitElement("div", "kit-tools");
  const reset = kitButton("Reset view", "kit-quiet");
  const save = kitButton("Save as picture", "kit-quiet");
  tools.append(reset, save);
  root.append(title, area, summary, numbers, tools);
  parent.append(root);
  const state = { spec: null, table: null, gone: false };

  const fail = (error) => {
    if (state.gone) return;
    console.warn("kit: the chart could not be drawn", error);
    const text = `The chart could not be drawn (${error?.message ?? error}). The numbers are in the table below.`;
    const message = kitElement("p", "kit-error", text);
    message.setAttribute("role", "alert");
    kitRemovePlot(area);
    area.removeAttribute("role");
    area.style.height = "auto";
    area.replaceChildren(message);
    numbers.open = true;
    tools.hidden = true;
  };
  const fillTable = () => {
    const { table, clickable } = state.spec;
    const content = JSON.stringify([table, clickable]);
    if (!numbers.open || state.table === content) return;
    state.table = content;
    const focused = [...numbers.querySelectorAll("button")].indexOf(document.activeElement);
    const caption = state.spec.title || "The numbers of the chart";
    numbers.replaceChildren(toggle, kitTable(table, { caption, onOpen: clickable ? onClick : null }));
    if (focused >= 0) numbers.querySelectorAll("button")[focused]?.focus();
  };
  numbers.addEventListener("toggle", () => state.spec && fillTable());
  reset.addEventListener("click", () => { state.revised = true; draw(); });
  save.addEventListener("click", () => kitSavePicture(area, state.spec.title || state.spec.summary).catch(fail));

  async function draw() {
    try {
      const Plotly = await kitLoadPlotly(model);
      if (state.gone) return;
      const { height, clickable } = state.spec;
      const figure = state.revised ? { ...state.spec.figure } : state.spec.figure;
      state.revised = false;
      await kitDrawPlot(area, { Plotly, figure, height, onClick: clickable ? onClick : null });
    } catch (error) {
      fail(error);
    }
  }
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  return {
    update(spec) {
      state.spec = spec;
      say(title, spec.title ?? "");
      title.hidden = !spec.title;
      say(summary, spec.summary ?? "");
      area.setAttribute("aria-label", spec.summary || spec.title || "Chart");
      area.classList.toggle("kit-clickable", Boolean(spec.clickable));
      if (!area.childNodes.length) area.style.height = `${spec.height || spec.figure.layout?.height || 380}px`;
      numbers.hidden = !spec.table?.columns?.length;
      if (!numbers.hidden) fillTable();
      return draw();
    },
    destroy() {
      state.gone = true;
      kitRemovePlot(area);
      root.remove();
    },
  };
}
