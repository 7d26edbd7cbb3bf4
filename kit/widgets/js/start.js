// The first screen: what the exercise is, how to play it, and which government to speak for.
// plot.js and parts.js stand above it in the same module.
//
//   kitStart(view, uid, send)  -> a form

const KIT_MODES = [
  ["solo", "One government", "Alone or as one team. The others decide by the odds stated in the scenario."],
  ["hot-seat", "Hot seat, all in turn", "Several governments at one screen. Between turns a screen hides what is private."],
  ["room", "A room with a projector", "Large type, one operator, hands counted for each option. Briefs on paper only."],
];

function kitCard(name, value, title, words, checked) {
  const card = kitElement("label", "kit-option");
  const input = kitElement("input");
  Object.assign(input, { type: "radio", name, value, checked });
  const text = kitElement("span", "kit-option-words");
  text.append(kitElement("span", "kit-option-text", title), kitElement("span", "kit-tradeoff", words));
  card.append(input, text);
  return card;
}

function kitStart(view, uid, send) {
  const form = kitElement("form", "kit-start");
  form.append(kitParagraphs(view.summary, "kit-prose"), kitNews("You will practice to", view.objectives));
  const several = view.roles.length > 1;
  const modes = kitElement("fieldset", "kit-options kit-modes");
  modes.append(kitElement("legend", "kit-question", "How do you play?"));
  const offered = KIT_MODES.filter(([mode]) => several || mode !== "hot-seat");
  offered.forEach(([mode, title, words], index) => modes.append(kitCard(`${uid}-mode`, mode, title, words, index === 0)));
  const seats = kitElement("fieldset", "kit-options kit-modes");
  seats.append(kitElement("legend", "kit-question", "Which government do you speak for?"));
  // The brief is private to the role: it opens after the start, not here for the whole room.
  view.roles.forEach((role, index) => seats.append(kitCard(`${uid}-role`, role.id, role.name, role.office, index === 0)));
  const all = kitCard(`${uid}-role`, "", "All of them, in turn", "The room decides for each government, one after the other.", false);
  if (several) seats.append(all);
  const turns = kitElement("p", "kit-muted", `In turn: ${view.roles.map((role) => role.name).join(", ")}.`);
  const mode = () => new FormData(form).get(`${uid}-mode`);
  const fit = () => {
    seats.hidden = mode() === "hot-seat";
    turns.hidden = !seats.hidden;
    all.hidden = mode() !== "room";
    if (all.hidden && all.querySelector("input").checked) seats.querySelector("input").checked = true;
  };
  modes.addEventListener("change", fit);
  const named = kitElement("div", "kit-field");
  const label = kitElement("label", "", "A name for your team, if you like");
  const alias = kitElement("input", "kit-input");
  Object.assign(alias, { type: "text", id: `${uid}-alias`, maxLength: 80, autocomplete: "off" });
  label.htmlFor = alias.id;
  const hint = kitElement("p", "kit-muted", "It stands in your report and in the class debrief. Take an invented one, such as Table 3.");
  hint.id = `${uid}-alias-hint`;
  alias.setAttribute("aria-describedby", hint.id);
  named.append(label, alias, hint);
  const go = kitButton("Start the exercise", "kit-primary");
  go.type = "submit";
  const row = kitElement("div", "kit-row");
  row.append(go, kitElement("span", "kit-muted", `About ${view.minutes} minutes. No account needed.`));
  form.append(modes, seats, turns, named, row);
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go.disabled = true;
    const value = mode() === "hot-seat" ? "" : new FormData(form).get(`${uid}-role`);
    send({ kind: "start", mode: mode(), alias: alias.value, roles: value ? [value] : view.roles.map((role) => role.id) });
  });
  return form;
}
