// The hot wash panel (kit.widgets.hotwash.HotWash); plot.js, parts.js and remarks.js stand above it.

let kitWashes = 0; // makes ids unique when one page shows several panels

function kitDecisionTable(decisions) {
  const columns = ["Move", "Decision", "You chose", "How sure", "What would change your mind?", "Governments chose"];
  const rows = decisions.map((d) => [
    d.move,
    `${d.role}: ${d.question}`,
    d.note ? `${d.option} Because: ${d.note}` : d.option,
    d.confidence === null ? "not stated" : `${d.confidence} %`,
    d.change_mind || "not answered",
    d.same ? "the same" : d.history || "the record shows no clear option",
  ]);
  return kitTable({ columns, rows }, { caption: "Your decisions beside what governments chose" });
}

// What was predicted beside what came; returns what draws the figure once it is in the page, and that
// returns what frees it.
function kitForesight(parent, foresight, model) {
  if (!foresight) return () => () => {};
  parent.append(kitHeading(3, "What you predicted"));
  const { columns, rows, words, drawn } = foresight;
  parent.append(kitTable({ columns, rows }, { caption: "Each answer was sealed before the decisions of its move" }));
  if (words) parent.append(kitElement("p", "kit-prose", words));
  if (!drawn) return () => () => {};
  const plot = kitElement("div", "kit-square");
  parent.append(plot);
  return () => {
    const chart = kitChart(plot, model);
    chart.update({ ...drawn, clickable: false });
    return () => chart.destroy();
  };
}

function render({ model, el }) {
  const view = model.get("view");
  const root = kitElement("section", "kit-root kit-exercise");
  kitOwnKeys(root);
  root.setAttribute("aria-label", "Hot wash");
  const head = kitElement("div", "kit-title-row");
  head.append(kitElement("h2", "", view.title), kitElement("span", "kit-mark", view.mark));
  root.append(head);
  if (view.notice) root.append(kitElement("p", "kit-notice", view.notice));
  root.append(kitHeading(3, "What you decided"));
  if (view.decisions.length) root.append(kitDecisionTable(view.decisions));
  else root.append(kitElement("p", "", "No decision yet. Play a move first, then come back."));
  const plot = kitElement("div");
  let chart = null;
  if (view.outcomes) {
    root.append(kitHeading(3, "Decision and luck, kept apart"));
    root.append(kitElement("p", "kit-prose", view.luck), kitElement("p", "kit-muted", `${view.model_mark} ${view.outcomes.legend} ${view.outcomes.method}`));
    root.append(plot);
  }
  const draw = kitForesight(root, view.foresight, model);
  root.append(kitNews("Talk about it", view.discussion) ?? "");
  kitWashes += 1;
  const people = kitPeople(`kit-wash-${kitWashes}`, view.ratings, model);
  root.append(people.box);
  const live = kitElement("p", "kit-muted");
  live.setAttribute("aria-live", "polite");
  const button = kitReport((message) => model.send(message));
  button.classList.add("kit-primary");
  root.append(button, live);
  const stop = kitRefusals(root, model);
  el.append(root);
  if (view.outcomes) {
    const { figure, summary, table, title, height } = view.outcomes;
    chart = kitChart(plot, model);
    chart.update({ figure, summary, table, title, height, clickable: false });
  }
  const free = draw();
  const receive = (message) => kitSaveFile(message, (text) => { live.textContent = text; });
  model.on("msg:custom", receive);
  return () => {
    model.off("msg:custom", receive);
    stop();
    people.stop();
    free();
    chart?.destroy();
    root.remove();
  };
}

export default { render };
