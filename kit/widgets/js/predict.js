// Predictions: said and sealed before the first decision of a move. plot.js and parts.js stand above
// it in the same module.
//
//   kitPredictions(view, uid, draft, send, keep)  -> a section, or null where nothing is asked
//   kitForesight(foresight)                       -> what was said beside what came, or null

function kitPredictions(view, uid, draft, send, keep) {
  if (!view.predictions.length) return null;
  const box = kitElement("section", "kit-predictions");
  box.append(kitHeading(3, "First: what do you expect?"));
  const how = "Say it before you decide. A seal fixes what you said: its signs stand in the log and prove later that nothing was changed. Afterwards you see how close you were.";
  box.append(kitElement("p", "kit-muted", how));
  view.predictions.forEach((one, index) => {
    box.append(one.open ? kitAsked(one, `${uid}-p${index}`, draft, send, keep) : kitAnswered(one, view.mode));
  });
  return box;
}

const KIT_SAYERS = { solo: "You said ", "hot-seat": "Said at this table: ", room: "The room said " };

function kitAnswered(one, mode) {
  const box = kitElement("div", "kit-prediction kit-sealed");
  box.append(kitElement("p", "kit-strong", one.question));
  const row = kitElement("p", "kit-answer");
  if (one.passed) row.append(mode === "solo" ? "You passed." : "Passed.");
  else row.append(KIT_SAYERS[mode], kitElement("strong", "", one.said));
  if (one.seal && !one.passed) row.append(" · sealed as ", kitElement("span", "kit-code", one.seal));
  box.append(row);
  return box;
}

// The form of one question: a probability as number and slider in step, or the two ends of a range.
function kitAsked(one, id, draft, send, keep) {
  const form = kitElement("form", "kit-prediction");
  form.noValidate = true; // the words below say more than the browser's bubble, and stay
  const set = kitElement("fieldset");
  set.append(kitElement("legend", "kit-strong", one.question), kitElement("p", "kit-muted", one.kind));
  const typed = { ...draft.predictions?.[one.id] };
  const note = (part) => {
    Object.assign(typed, part);
    keep({ predictions: { ...draft.predictions, [one.id]: typed } });
  };
  set.append(one.range ? kitEnds(one, id, typed, note) : kitChance(one, id, typed, note));
  const hint = kitElement("p", "kit-form-message");
  hint.setAttribute("role", "alert");
  const seal = kitButton("Seal my prediction", "kit-primary");
  seal.type = "submit";
  seal.setAttribute("aria-label", `Seal my prediction: ${one.question}`);
  const pass = kitButton("Pass");
  pass.setAttribute("aria-label", `Pass: ${one.question}`);
  const row = kitElement("div", "kit-row");
  row.append(seal, pass);
  form.append(set, hint, row);
  const give = (answer) => {
    seal.disabled = pass.disabled = true; // one press, one answer; what comes back draws it anew
    send({ kind: "predict", prediction: one.id, ...answer });
  };
  pass.addEventListener("click", () => give({}));
  kitEnter(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = kitWrong(one, typed);
    hint.textContent = wrong;
    if (wrong) set.querySelector("input").focus();
    else give(one.range ? { low: typed.low, high: typed.high } : { probability: typed.probability });
  });
  return form;
}

function kitWrong(one, { probability, low, high }) {
  const given = (value) => typeof value === "number" && Number.isFinite(value);
  if (one.range) {
    if (!given(low) || !given(high)) return "Type both ends of the range, or pass.";
    return low > high ? "The low end must not be above the high end." : "";
  }
  if (!given(probability)) return "Choose a number from 0 to 100, or pass.";
  return probability < 0 || probability > 100 ? "A probability lies between 0 and 100 percent." : "";
}

function kitNumber(id, words, value, more = {}) {
  const label = kitElement("label", "kit-number-label", words);
  const field = kitElement("input", "kit-input kit-number-field");
  Object.assign(field, { type: "number", id, ...more });
  field.value = value ?? "";
  label.htmlFor = id;
  return { label, field, read: () => (field.value === "" ? null : Number(field.value)) };
}

function kitChance(one, id, typed, note) {
  const row = kitElement("div", "kit-row");
  const { label, field, read } = kitNumber(`${id}-n`, "Percent", typed.probability, { min: 0, max: 100, step: 1 });
  const range = kitElement("input", "kit-range");
  Object.assign(range, { type: "range", id: `${id}-r`, min: 0, max: 100, step: 1 });
  range.value = typed.probability ?? 50;
  range.setAttribute("aria-label", "Percent, as a slider");
  const told = () => range.setAttribute("aria-valuetext", field.value === "" ? "not said" : `${field.value} percent`);
  field.addEventListener("input", () => {
    if (read() !== null) range.value = read();
    told();
    note({ probability: read() });
  });
  range.addEventListener("input", () => {
    field.value = range.value;
    told();
    note({ probability: Number(range.value) });
  });
  told();
  row.append(label, field, kitElement("span", "kit-muted", "never"), range, kitElement("span", "kit-muted", "certain"));
  return row;
}

function kitEnds(one, id, typed, note) {
  const row = kitElement("div", "kit-row");
  for (const [key, words] of [["low", "From"], ["high", "to"]]) {
    const { label, field, read } = kitNumber(`${id}-${key}`, words, typed[key], { step: "any" });
    field.setAttribute("aria-label", `${words === "to" ? "High" : "Low"} end of the range in ${one.unit}`);
    field.addEventListener("input", () => note({ [key]: read() }));
    row.append(label, field);
  }
  row.append(kitElement("span", "", one.unit));
  return row;
}

function kitForesight(foresight) {
  if (!foresight) return null;
  const box = kitElement("section", "kit-foresight");
  box.append(kitHeading(4, "Your predictions"));
  if (foresight.words) box.append(kitElement("p", "kit-prose-small", foresight.words));
  box.append(kitTable(foresight.table, { caption: "What you said, and what came" }));
  return box;
}
