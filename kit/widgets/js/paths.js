// The Paths tab of the exercise panel: what was and what could have been, and a second future.
// plot.js, parts.js and beside.js stand above it in the same module.
//
//   kitPaths(box, model, uid, fork)  -> {update(paths, size), destroy()}; fork(decision) asks for a
//       second future. paths = {figure, summary, table, title, height, past, beside}; size of type

function kitPaths(box, model, uid, fork) {
  const wait = kitElement("p", "kit-muted", "The graph is being drawn …");
  wait.setAttribute("role", "status");
  const plot = kitElement("div");
  const again = kitForkForm(uid, fork);
  const both = kitBeside(model, uid);
  plot.hidden = again.box.hidden = both.box.hidden = true;
  box.replaceChildren(kitHeading(3, "What was and what could have been"), wait, both.box, plot, again.box);
  const chart = kitChart(plot, model, { onClick: again.point, announce: false });
  return {
    update(paths, size = 1) {
      wait.hidden = true;
      plot.hidden = again.box.hidden = false; // a plot needs a visible place to be drawn in
      const { figure, summary, table, title, height, past } = paths;
      chart.update({ figure, summary, table, title, height, clickable: past.length > 0 });
      again.update(past);
      both.update(paths.beside, size);
    },
    destroy() {
      chart.destroy();
      both.destroy();
    },
  };
}

// A list of one's own decisions and a button; a click on one of them in the graph chooses it here.
function kitForkForm(uid, fork) {
  const box = kitElement("section", "kit-fork");
  const none = kitElement("p", "kit-prose", "After your first decision you can begin again from it here, in a second future beside this one.");
  const form = kitElement("form");
  const how = "Choose one of your decisions, in this list or by clicking one of its options in the graph. A second future begins just before it, in a file of its own; this play stays as it is. What chance and others do is the same wherever its odds are.";
  const label = kitElement("label", "kit-strong", "Your decision");
  const select = kitElement("select", "kit-select");
  select.id = `${uid}-fork`;
  label.htmlFor = select.id;
  const go = kitButton("Fork here", "kit-primary");
  go.type = "submit";
  const told = kitElement("p", "kit-fork-told");
  told.setAttribute("role", "status");
  const row = kitElement("div", "kit-row");
  row.append(go, told);
  form.append(kitElement("p", "kit-prose", how), label, select, row);
  box.append(kitHeading(4, "Begin again from a past decision"), none, form);
  let rows = [];
  select.addEventListener("change", () => { told.textContent = ""; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go.disabled = true; // one click, one future; the answer shows it
    fork(Number(select.value));
  });
  return {
    box,
    update(past) {
      rows = past;
      go.disabled = false;
      told.textContent = "";
      none.hidden = past.length > 0;
      form.hidden = !past.length;
      const before = select.value;
      select.replaceChildren(...past.map(({ decision, label: words }) => {
        const option = kitElement("option", "", words);
        option.value = String(decision);
        return option;
      }));
      const kept = past.some(({ decision }) => String(decision) === before);
      select.value = kept ? before : String(past.at(-1)?.decision ?? "");
    },
    point(name) {
      const found = rows.find(({ choice }) => choice === name);
      if (!found) {
        told.textContent = "This is not one of your past decisions: chance or others settle it, or it is still ahead.";
        return;
      }
      select.value = String(found.decision);
      told.textContent = `Chosen in the graph: ${found.label}`;
      go.focus();
    },
  };
}
