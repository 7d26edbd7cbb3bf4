// The outcomes: bands against the base case, what changed and why, effect by effect.
// plot.js, parts.js and predict.js stand above it in the same module.
//
//   kitOutcomes(box, model, act)  -> {update(view), destroy()}; act = {send, go(tab, focus)}
//   kitEnlarged(spec, factor)     -> a chart's spec with larger type, for a room with a projector

// Every measure that moved, with each effect that moved it: the sum of the lines is the change.
function kitCauses(measures, cards) {
  const box = kitElement("section");
  box.append(kitHeading(4, "What changed, and why"));
  const note = "For each measure, every effect of the model that sets this line apart from the base case. Open one for what it rests on. Disagree? That is what the hot wash is for.";
  box.append(kitElement("p", "kit-muted", note));
  measures.forEach(({ measure, whole, unit, causes }, index) => {
    const group = kitElement("details", "kit-consequence");
    group.open = index === 0;
    const line = kitElement("summary");
    const many = causes.length === 1 ? "one effect" : `${causes.length} effects`;
    const amount = whole === "no change" ? "no change in all" : whole.replace(" (", ` ${unit} (`);
    line.append(kitElement("span", "kit-strong", `${measure}: ${amount}`), kitElement("span", "kit-muted", ` from ${many}`));
    group.append(line);
    for (const cause of causes) group.append(kitCause(cause, cards));
    box.append(group);
  });
  if (!measures.length) box.append(kitElement("p", "", "So far no effect differs from the base case."));
  return box;
}

function kitCause(cause, cards) {
  const item = kitElement("details", "kit-cause");
  const line = kitElement("summary");
  line.append(kitElement("span", "kit-strong", `${cause.change}. `), cause.why);
  item.append(line);
  const list = kitElement("dl", "kit-facts");
  const fact = (term, words) => {
    if (words) list.append(kitElement("dt", "", term), kitElement("dd", "", words));
  };
  if (cause.assumption) {
    const { text, size, basis, computed, dissent } = cause.assumption;
    fact("Assumption", text);
    fact("Size", size);
    fact("Basis", basis);
    fact("Computed", computed);
    fact("Applies in", `${cause.chance} of courses of events`);
    fact("Dissent", dissent || "No dissenting view is stated.");
  } else {
    fact("Size", "a fixed number of the scenario, without a range");
    fact("Applies in", `${cause.chance} of courses of events`);
  }
  item.append(list);
  return kitAppend(item, kitEvidence(cause.assumption?.evidence ?? [], cards));
}

function kitLast(view) {
  const last = view.decisions.at(-1);
  if (!last) return kitElement("div");
  const box = kitElement("div", "kit-last");
  box.append(kitElement("p", "kit-muted", `${last.role}, ${last.move}`));
  const who = view.mode === "solo" ? "You" : last.role;
  box.append(kitElement("p", "kit-strong", `${who} decided: ${last.option}`));
  const votes = Object.entries(last.votes).map(([option, count]) => `${count} for “${option}”`);
  if (votes.length) box.append(kitElement("p", "kit-muted", `Votes in the room: ${votes.join("; ")}`));
  return box;
}

function kitClosed(view) {
  const open = view.predictions.filter((one) => one.open).length;
  const first = open ? "Say first what you expect: the predictions stand in the tab Decide, and each is sealed before anything opens. " : "";
  const words = `${first}Outcomes open after your first decision, so that what you see cannot lead what you choose.`;
  return [kitHeading(3, "Outcomes"), kitElement("p", "kit-prose", words)];
}

function kitEnlarged(spec, factor) {
  if (factor === 1) return spec;
  const figure = structuredClone(spec.figure);
  const { layout } = figure;
  const grow = (part, ...keys) => {
    for (const key of keys) if (typeof part?.[key] === "number") part[key] *= factor;
  };
  layout.font = { size: 13, ...layout.font };
  grow(layout.font, "size");
  grow(layout, "height");
  grow(layout.margin, "l", "r", "t", "b");
  grow(layout.legend?.font, "size");
  for (const one of layout.annotations ?? []) {
    grow(one, "xshift", "yshift");
    grow(one.font, "size");
  }
  for (const trace of figure.data) {
    grow(trace.line, "width");
    grow(trace.marker, "size");
  }
  return { ...spec, figure, height: spec.height * factor };
}

function kitOutcomes(box, model, { send, go }) {
  const memory = { chart: null };
  function destroy() {
    memory.chart?.destroy();
    memory.chart = null;
  }
  function next(view) {
    if (view.stage === "over") return kitReport(send);
    if (view.next) return kitHandOver(view.next, send);
    const button = kitButton(view.sameMove ? "Next decision" : "Continue");
    button.addEventListener("click", () => go(view.sameMove ? "decide" : "situation", true));
    return button;
  }
  return {
    destroy,
    update(view) {
      if (!view.outcomes) {
        destroy();
        box.replaceChildren(...kitClosed(view));
        return;
      }
      if (!memory.chart) {
        const parts = { head: kitElement("div"), plot: kitElement("div"), tail: kitElement("div") };
        box.replaceChildren(parts.head, parts.plot, parts.tail);
        memory.chart = { ...kitChart(parts.plot, model, { announce: false }), parts };
      }
      const { parts } = memory.chart;
      const title = view.stage === "over" ? "How this play ended" : "Where this leads";
      parts.head.replaceChildren(kitHeading(3, title), kitLast(view));
      parts.head.append(kitElement("p", "kit-muted", `${view.model_mark} ${view.outcomes.legend} ${view.outcomes.method}`));
      const { figure, summary, table, title: name, height } = view.outcomes;
      memory.chart.update(kitEnlarged({ figure, summary, table, title: name, height, clickable: false }, view.size));
      const on = next(view);
      on.classList.add("kit-primary");
      parts.tail.replaceChildren(on);
      kitAppend(parts.tail, kitCauses(view.outcomes.causes, view.evidence), kitForesight(view.foresight));
    },
  };
}
