// The tabs of the exercise panel, as WAI-ARIA describes them: arrow keys move, one tab stop, panels
// labelled by their tab. plot.js and parts.js stand above it in the same module.
//
//   kitTabs(uid, choose)  -> {bar, panels, select(name)}; choose(name, focus) is called by a press

const KIT_TABS = [
  ["situation", "Situation"],
  ["decide", "Decide"],
  ["outcomes", "Outcomes"],
  ["paths", "Paths"],
  ["log", "Log"],
];

function kitTabs(uid, choose) {
  const bar = kitElement("div", "kit-tabs");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "Parts of the exercise");
  const buttons = new Map();
  const panels = new Map();
  for (const [name, title] of KIT_TABS) {
    const button = kitButton(title, "kit-tab");
    button.setAttribute("role", "tab");
    button.id = `${uid}-tab-${name}`;
    button.setAttribute("aria-controls", `${uid}-${name}`);
    const panel = kitElement("div", "kit-tabpanel");
    panel.id = `${uid}-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    button.addEventListener("click", () => choose(name, true));
    buttons.set(name, button);
    panels.set(name, panel);
    bar.append(button);
  }
  const names = KIT_TABS.map(([name]) => name);
  bar.addEventListener("keydown", (event) => {
    const now = names.findIndex((name) => buttons.get(name) === document.activeElement);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: names.length - 1 }[event.key];
    if (now < 0 || to === undefined) return;
    event.preventDefault();
    const name = names[(to + names.length) % names.length];
    choose(name);
    buttons.get(name).focus();
  });
  function select(chosen) {
    for (const [name, button] of buttons) {
      const on = name === chosen;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
      panels.get(name).hidden = !on;
    }
  }
  return { bar, panels, select };
}
