// Two futures side by side: what was decided unlike, what chance brought unlike, and every measure.
// plot.js, parts.js and outcomes.js stand above it in the same module.
//
//   kitBeside(model, uid)  -> {box, update(pairs, size), destroy()}

function kitBeside(model, uid) {
  const box = kitElement("section", "kit-beside");
  const head = kitElement("div");
  const plot = kitElement("div");
  const tail = kitElement("div");
  box.append(head, tail, plot);
  const chart = kitChart(plot, model, { announce: false });
  let chosen = 0;
  let pairs = [];
  let size = 1;

  function choice() {
    const line = kitElement("div", "kit-field");
    const label = kitElement("label", "", "Which two?");
    const select = kitElement("select", "kit-select");
    select.id = `${uid}-beside`;
    label.htmlFor = select.id;
    pairs.forEach(({ names }, index) => {
      const option = kitElement("option", "", `${names[0]} and ${names[1].toLowerCase()}`);
      option.value = String(index);
      select.append(option);
    });
    select.value = String(chosen);
    select.addEventListener("change", () => {
      chosen = Number(select.value);
      draw();
    });
    line.append(label, select);
    return line;
  }

  function part(title, table) {
    if (!table) return null;
    return kitTable(table, { caption: title });
  }

  function draw() {
    const pair = pairs[chosen];
    head.replaceChildren(kitHeading(4, "Two futures side by side"));
    if (pairs.length > 1) head.append(choice());
    head.append(kitElement("p", "kit-prose-small", pair.parting));
    tail.replaceChildren();
    kitAppend(
      tail,
      part("Decided unlike", pair.decided),
      part("What others and chance brought unlike", pair.drawn),
      part("Every measure of both", pair.measures),
      pair.closed ? kitElement("p", "kit-muted", pair.closed) : null,
    );
    plot.hidden = !pair.figure;
    if (!pair.figure) return;
    const { figure, summary, table, title, height } = pair;
    chart.update(kitEnlarged({ figure, summary, table, title, height, clickable: false }, size));
  }

  return {
    box,
    update(found, factor) {
      [pairs, size] = [found ?? [], factor];
      box.hidden = !pairs.length;
      chosen = Math.min(chosen, Math.max(0, pairs.length - 1));
      if (pairs.length) draw();
    },
    destroy: () => chart.destroy(),
  };
}
