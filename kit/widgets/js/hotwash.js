// The hot wash panel (kit.widgets.hotwash.HotWash); plot.js and parts.js stand above it.

function kitDecisionTable(decisions) {
  const columns = ["Move", "Decision", "You chose", "How sure", "Governments chose"];
  const rows = decisions.map((d) => [
    d.move,
    `${d.role}: ${d.question}`,
    d.note ? `${d.option} Because: ${d.note}` : d.option,
    d.confidence === null ? "not stated" : `${d.confidence} %`,
    d.same ? "the same" : d.history || "the record shows no clear option",
  ]);
  return kitTable({ columns, rows }, { caption: "Your decisions beside what governments chose" });
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
  root.append(kitNews("Talk about it", view.discussion) ?? "");
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
  const receive = (message) => kitSaveFile(message, (text) => { live.textContent = text; });
  model.on("msg:custom", receive);
  return () => {
    model.off("msg:custom", receive);
    stop();
    chart?.destroy();
    root.remove();
  };
}

export default { render };
