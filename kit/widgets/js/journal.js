// The Log tab: everything that happened, what to take back, and what to take along.
// plot.js and parts.js stand above it in the same module.
//
//   kitLog(view, send, carry)  -> the Log tab; carry is the box of carry.js

function kitLog(view, send, carry) {
  const box = kitElement("div");
  box.append(kitHeading(3, "Log of this play"));
  const saved = view.saved ? `Saved after every event in ${view.saved}.` : "This play is not saved to a file.";
  box.append(kitElement("p", "kit-muted", `Scenario ${view.scenario} ${view.version}, seed ${view.seed}. ${saved}`));
  const list = kitElement("ol", "kit-log");
  for (const entry of view.log) {
    const item = kitElement("li");
    item.append(kitElement("span", "", entry.text));
    item.dir = "auto";
    list.append(item);
  }
  box.append(list);
  const row = kitElement("div", "kit-row");
  const undo = kitButton("Take back the last decision");
  undo.disabled = !view.decisions.length;
  undo.addEventListener("click", () => send({ kind: "withdraw" }));
  const again = kitButton("Start a new play");
  again.addEventListener("click", () => send({ kind: "restart" }));
  row.append(undo, again);
  if (view.report) row.append(kitReport(send));
  else row.append(kitElement("span", "kit-muted", "The report tells every government's reasons. It opens when the exercise is over."));
  box.append(row, carry);
  return box;
}
