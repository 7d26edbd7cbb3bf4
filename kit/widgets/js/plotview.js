// The view of kit.widgets.plotview.PlotView; plot.js stands above it in the same module.

function render({ model, el }) {
  const names = ["figure", "summary", "table", "title", "height", "clickable"];
  const chart = kitChart(el, model, {
    onClick: (customdata) => model.send({ kind: "click", customdata }),
  });
  const update = () => chart.update(Object.fromEntries(names.map((name) => [name, model.get(name)])));
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
    chart.destroy();
  };
}

export default { render };
