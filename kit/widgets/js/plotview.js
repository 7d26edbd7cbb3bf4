// The view of kit.widgets.plotview.PlotView; plot.js stands above it in the same module.

function render({ model, el }) {
  const names = ["figure", "summary", "table", "title", "height", "clickable"];
  const root = kitElement("div", "kit-root");
  el.append(root);
  const chart = kitChart(root, model, {
    onClick: (customdata) => model.send({ kind: "click", customdata }),
  });
  const update = () => chart.update(Object.fromEntries(names.map((name) => [name, model.get(name)])));
  const stops = [kitFollow(model, names, update), kitRefusals(root, model)];
  return () => {
    for (const stop of stops) stop();
    chart.destroy();
    root.remove();
  };
}

export default { render };
