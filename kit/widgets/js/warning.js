// The panel of the warning model (kit.widgets.warning); plot.js and parts.js stand above it in the
// same module. Python computes, this file draws: the coast comes once (trait `base`), a new flight or
// setting brings new charts, and moving along a flight exchanges positions in the charts that are there.

const KIT_TICK_MS = 120; // between two steps of the playback; the next one waits for the answer
const KIT_STEPS = 150; // of the playback, from launch to the end of what is shown

function kitClock(seconds) {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (!minutes) return `${rest} s`;
  return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
}

function kitUnique(name) {
  return `kit-${name}-${Math.random().toString(36).slice(2, 9)}`;
}

// --- native controls: {element, show(value)}; `change(value)` is called for what a person does -------

function kitField(label, control, className = "") {
  const box = kitElement("div", `kit-field ${className}`.trim());
  const words = kitElement("label", "kit-field-label", label);
  control.id = words.htmlFor = kitUnique("control");
  box.append(words, control);
  return box;
}

function kitSelect(label, options, change) {
  const select = kitElement("select", "kit-input");
  for (const [value, text] of options) {
    const option = kitElement("option", "", text);
    option.value = value;
    select.append(option);
  }
  select.addEventListener("change", () => change(select.value));
  const show = (value) => { select.value = String(value); };
  return { element: kitField(label, select), input: select, show };
}

function kitRange({ label, min, max, step, say }, change) {
  const input = kitElement("input", "kit-input");
  Object.assign(input, { type: "range", min, max, step });
  const value = kitElement("output", "kit-year");
  const show = (number) => {
    input.value = number;
    value.textContent = say(Number(number));
    input.setAttribute("aria-valuetext", value.textContent);
  };
  input.addEventListener("input", () => {
    show(input.value);
    change(Number(input.value));
  });
  value.setAttribute("aria-hidden", "true"); // the slider itself says it
  const box = kitField(label, input, "kit-slider");
  box.append(value);
  return { element: box, input, show };
}

function kitRadios(label, options, change, className = "") {
  const set = kitElement("fieldset", `kit-choices ${className}`.trim());
  set.append(kitElement("legend", "kit-field-label", label));
  const name = kitUnique("radios");
  const inputs = options.map(([value, text]) => {
    const box = kitElement("label", "kit-choice");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name, value });
    input.addEventListener("change", () => change(value));
    box.append(input, kitElement("span", "", text));
    set.append(box);
    return input;
  });
  return {
    element: set,
    value: () => inputs.find((input) => input.checked)?.value ?? "",
    show: (value) => { for (const input of inputs) input.checked = input.value === String(value); },
  };
}

// --- predict first -------------------------------------------------------------------------------

function kitPredictForm(model, view) {
  const form = kitElement("form", "kit-predict");
  form.noValidate = true;
  const { about, who, seconds } = view.questions;
  const first = kitRadios(who.text, who.options, () => {});
  const second = kitRadios(seconds.text, seconds.options, () => {});
  const row = kitElement("div", "kit-predict-row");
  const commit = kitButton("Commit and look", "kit-primary");
  commit.type = "submit";
  const skip = kitButton("Look without predicting", "kit-quiet");
  row.append(commit, skip);
  form.append(kitHeading(3, `Predict first: ${about}`), first.element, second.element, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.send({ kind: "predict", who: first.value(), seconds: second.value() });
  });
  // JupyterLab keeps the Enter key from handing in a form.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  });
  skip.addEventListener("click", () => model.send({ kind: "skip" }));
  return form;
}

// --- what is drawn ---------------------------------------------------------------------------------

// The charts of all views; each is made when it is first needed. `move(moment)` changes positions only.
function kitWarningCharts(model, places, base) {
  const charts = new Map();
  const figures = new Map();
  const area = (name) => places[name].querySelector(".kit-plot");
  const figure = (name, given) => {
    const made = name === "map" ? { ...given, data: [...base, ...given.data] } : { ...given };
    made.layout = { ...given.layout };
    figures.set(name, made);
    return made;
  };
  const contents = new Map();
  let ready = Promise.resolve();
  let last = {};

  const show = (given) => {
    const drawn = [];
    for (const [name, place] of Object.entries(places)) {
      place.hidden = !given[name];
      if (!given[name] || last[name] === given[name]) continue;
      const content = JSON.stringify(given[name].figure);
      const same = contents.get(name) === content;
      contents.set(name, content);
      if (same) describe(name, given[name]);
      if (same && name === "map") continue; // its table stands beside it
      if (!charts.has(name)) charts.set(name, kitChart(place, model, { announce: false }));
      const shape = same ? figures.get(name) : figure(name, given[name].figure);
      const table = name === "map" ? { columns: [], rows: [] } : given[name].table;
      drawn.push(charts.get(name).update({ ...given[name], table, figure: shape }));
    }
    last = given;
    ready = Promise.all(drawn);
    return ready;
  };
  const describe = (name, { summary }) => area(name)?.setAttribute("aria-label", summary);

  // What stands in the figures is changed too: a change of theme draws them again.
  const move = async (moment) => {
    await ready;
    const Plotly = await kitLoadPlotly(model);
    const chart = figures.get("map");
    const at = moment.traces.map((_, index) => base.length + index);
    contents.delete("map");
    describe("map", moment);
    moment.traces.forEach((trace, index) => Object.assign(chart.data[base.length + index], trace));
    const column = (key) => moment.traces.map((trace) => trace[key] ?? []);
    const [line] = figures.get("time").layout.shapes;
    Object.assign(line, { x0: moment.minute, x1: moment.minute });
    const shift = { "shapes[0].x0": moment.minute, "shapes[0].x1": moment.minute };
    await Promise.all([
      Plotly.restyle(area("map"), { lon: column("lon"), lat: column("lat"), hovertext: column("hovertext") }, at),
      Plotly.relayout(area("time"), shift),
    ]);
  };
  const destroy = () => charts.forEach((chart) => chart.destroy());
  return { show, move, destroy };
}

// The map's table: what each country sees and knows at the moment that is shown.
function kitNowTable(signs) {
  const box = kitElement("div", "kit-now");
  const key = "Full marks see the missile now. Shaded is what a country’s radars cover at its height.";
  const table = kitElement("table");
  table.append(kitElement("caption", "", "At this moment"));
  const show = (rows) => {
    table.querySelectorAll("tbody").forEach((part) => part.remove());
    rows.forEach(([country, sees, sensors, known, area], index) => {
      const part = kitElement("tbody");
      const [, color, glyph] = signs[index];
      const mark = kitElement("span", "kit-glyph", glyph);
      mark.style.color = color;
      mark.setAttribute("aria-hidden", "true");
      const name = kitElement("th");
      Object.assign(name, { colSpan: 2, scope: "rowgroup" });
      name.append(mark, country);
      part.append(kitAppend(kitElement("tr"), name));
      const seen = sensors === "none" ? sees : `${sees} (${sensors})`;
      for (const [label, text] of [["Sees it", seen], ["Knows of it", known], ["Area of impact", area]]) {
        const head = kitElement("th", "", label);
        head.scope = "row";
        part.append(kitAppend(kitElement("tr"), head, kitElement("td", "", text)));
      }
      table.append(part);
    });
  };
  box.append(table, kitElement("p", "kit-muted kit-key", key));
  return { element: box, show };
}

// --- the panel ---------------------------------------------------------------------------------------

function kitWarningControls(model, ask) {
  const given = model.get("controls");
  const set = (name, number = false) => (value) => ask({ [name]: number ? Number(value) : value });
  const parts = {
    flight: kitSelect("Flight", given.flights, set("flight")),
    view: kitRadios("View", given.views, set("view"), "kit-views"),
    policy: kitRadios("How the three share", given.policies, set("policy")),
    city: kitSelect("City", given.cities, set("city")),
    ellipse_km: kitSelect("A country warns", given.thresholds, set("ellipse_km", true)),
    refraction: kitSelect("Rays", given.refractions, set("refraction")),
    pad: kitSelect("Launch site", given.pads, set("pad")),
  };
  for (const slider of given.sliders) {
    const say = (number) => `${number.toLocaleString("en-US")} ${slider.unit}`.replace(" °", "°");
    parts[slider.name] = kitRange({ ...slider, say }, set(slider.name));
  }
  return parts;
}

function kitSettings(parts) {
  const box = kitElement("details", "kit-settings");
  box.append(kitElement("summary", "", "Change the flight and the delays"));
  const grid = kitElement("div", "kit-settings-grid");
  for (const name of ["range_km", "apogee_km", "azimuth_deg", "real_time_s", "hub_s", "pad", "ellipse_km", "refraction"]) {
    grid.append(parts[name].element);
  }
  box.append(grid);
  return box;
}

function kitTimeBar(ask, end) {
  const bar = kitElement("div", "kit-time-bar");
  const slider = kitRange({ label: "Time since launch", min: 0, max: 60, step: 1, say: kitClock }, (value) => {
    stop();
    ask({ time_s: value });
  });
  const play = kitButton("▶ Play");
  const whole = kitRadios("Show", [["false", "first minutes"], ["true", "whole flight"]], (value) => ask({ whole: value === "true" }), "kit-whole");
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "▶ Play";
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    play.textContent = "❚❚ Pause";
    const last = end();
    if (Number(slider.input.value) >= last) slider.show(0);
    const step = Math.max(1, Math.round(last / KIT_STEPS));
    timer = setInterval(() => {
      const next = Math.min(last, Number(slider.input.value) + step);
      if (!ask({ time_s: next }, true)) return; // the last answer is still on its way
      slider.show(next);
      if (next >= last) stop();
    }, KIT_TICK_MS);
  });
  bar.append(play, slider.element, whole.element);
  return { bar, slider, whole, stop, playing: () => Boolean(timer) };
}

function render({ model, el }) {
  const root = kitElement("section", "kit-root kit-record kit-warning");
  root.setAttribute("aria-label", model.get("view").title);
  kitOwnKeys(root);
  const notice = kitElement("p", "kit-notice", model.get("view").notice);
  const gate = kitElement("div");
  const body = kitElement("div", "kit-warning-body");
  const stop = kitRefusals(root, model);
  root.prepend(notice, gate, body);
  el.append(root);

  // One question at a time: what is moved while Python answers is sent with the next one.
  let pending = null;
  let waiting = null;
  const send = (chosen) => {
    pending = kitUnique("ask"); // unlike any answer before, so that its arrival is a change
    model.send({ kind: "choose", chosen, token: pending });
  };
  const ask = (chosen, skip = false) => {
    if (pending === null) send(chosen);
    else if (skip) return false;
    else waiting = { ...waiting, ...chosen };
    return true;
  };

  const parts = kitWarningControls(model, ask);
  const seconds = () => {
    const end = model.get("view").end_s;
    return model.get("chosen").whole || end <= 630 ? end : 420;
  };
  const time = kitTimeBar(ask, seconds);
  const feedback = kitElement("div", "kit-predict-feedback");
  const headline = kitElement("p", "kit-headline");
  const doubts = kitElement("div", "kit-doubts");
  doubts.setAttribute("role", "note");
  const notes = kitElement("span", "kit-muted");
  const said = kitElement("span");
  headline.append(said, " ", notes);
  const status = kitElement("p", "kit-status");
  status.setAttribute("role", "status");
  const now = kitNowTable(model.get("controls").signs);
  const settings = kitSettings(parts);
  const top = kitElement("div", "kit-filter-row");
  top.append(parts.flight.element, parts.city.element, parts.policy.element);
  const places = Object.fromEntries(["map", "time", "cities", "sure", "alerts", "check"].map((name) => [name, kitElement("div", "kit-stage")]));
  places.time.classList.add("kit-over-time");
  const side = kitElement("div", "kit-map-row");
  side.append(places.map, now.element);
  body.append(feedback, parts.view.element, top, headline, doubts, settings, time.bar, status, side,
    places.time, places.cities, places.sure, places.alerts, places.check);
  const charts = kitWarningCharts(model, places, model.get("base"));

  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  };
  const paragraphs = (element, list) => {
    if (element.textContent !== list.join("")) element.replaceChildren(...list.map((text) => kitElement("p", "", text)));
    element.hidden = !list.length;
  };
  const fill = () => {
    const chosen = model.get("chosen");
    for (const [name, part] of Object.entries(parts)) {
      const held = part.input?.type === "range" && part.input === document.activeElement;
      if (!held) part.show(chosen[name]); // what a person moves right now stays under the hand
    }
    time.slider.input.max = seconds();
    if (!time.playing() && document.activeElement !== time.slider.input) time.slider.show(chosen.time_s);
    time.whole.show(String(chosen.whole));
    time.whole.element.hidden = model.get("view").end_s <= 630;
    const ofFlight = !["alerts", "check"].includes(chosen.view);
    for (const part of [top, headline, settings]) part.hidden = !ofFlight;
    parts.policy.element.hidden = !["flight", "sure"].includes(chosen.view);
    parts.city.element.hidden = chosen.view !== "sure";
    time.bar.hidden = side.hidden = chosen.view !== "flight";
    if (chosen.view !== "flight") time.stop();
  };
  const tell = (summary, rows) => {
    status.setAttribute("aria-live", time.playing() ? "off" : "polite");
    say(status, summary);
    now.show(rows);
  };
  const open = () => {
    const view = model.get("view");
    if (!view.predicted && !gate.childNodes.length) gate.append(kitPredictForm(model, view));
    const opened = view.predicted && gate.childNodes.length > 0;
    if (view.predicted) gate.replaceChildren();
    gate.hidden = view.predicted;
    body.hidden = !view.predicted;
    paragraphs(feedback, view.feedback);
    if (opened) {
      feedback.tabIndex = -1;
      feedback.focus();
    }
    return view.predicted;
  };
  const update = () => {
    if (!open()) return;
    const [view, given] = [model.get("view"), model.get("charts")];
    fill();
    said.textContent = view.headline;
    const ofFlight = !["alerts", "check"].includes(model.get("chosen").view);
    paragraphs(doubts, ofFlight ? view.doubts : []);
    say(notes, ofFlight ? view.notes.join(" ") : "");
    const first = Object.values(given)[0];
    if (given.map) tell(given.map.summary, given.map.table.rows);
    else say(status, first?.summary ?? "");
    charts.show(given);
  };
  const move = () => {
    const moment = model.get("moment");
    if (!moment.traces || !model.get("view").predicted) return;
    fill();
    tell(moment.summary, moment.rows);
    charts.move(moment);
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
  const answered = () => {
    if (model.get("answered") !== pending) return;
    pending = null;
    if (!waiting) return;
    const next = waiting;
    waiting = null;
    send(next);
  };
  for (const name of ["view", "charts"]) model.on(`change:${name}`, plan);
  model.on("change:moment", move);
  model.on("change:answered", answered);
  update();
  return () => {
    for (const name of ["view", "charts"]) model.off(`change:${name}`, plan);
    model.off("change:moment", move);
    model.off("change:answered", answered);
    time.stop();
    stop();
    charts.destroy();
    root.remove();
  };
}

export default { render };
