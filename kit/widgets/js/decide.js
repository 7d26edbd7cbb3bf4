// The decision: what is asked, the options with their trade-offs, the reason, and the commitment.
// plot.js, parts.js, situation.js and predict.js stand above it in the same module.
//
//   kitDecide(view, uid, memory, act)  -> the Decide tab; act = {send, keep}
//   kitEnter(form)                     -> lets Enter in a field submit a form; JupyterLab stops that

function kitEnter(form) {
  form.addEventListener("keydown", (event) => {
    const field = event.target.matches?.("input:not([type=checkbox], [type=radio], [type=file])");
    if (event.key !== "Enter" || !field) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

function kitDecide(view, uid, memory, { send, keep }) {
  const draft = memory.draft;
  const main = kitElement("div");
  kitAppend(main, kitPredictions(view, uid, draft, send, keep));
  main.append(kitDecision(view, uid, draft, send, keep));
  return kitColumns(main, kitBriefs(view, memory));
}

function kitDecision(view, uid, draft, send, keep) {
  const choice = view.choice;
  const open = view.predictions.filter((one) => one.open).length;
  const form = kitElement("form", "kit-decide");
  form.noValidate = true;
  const set = kitElement("fieldset", "kit-options");
  const legend = kitElement("legend", "kit-question", `${choice.role} decides: ${choice.question}`);
  legend.tabIndex = -1;
  set.append(legend);
  if (choice.context) set.append(kitElement("p", "kit-prose", choice.context));
  kitAppend(set, kitEvidence(choice.evidence, view.evidence));
  if (choice.votes) set.append(kitElement("p", "kit-muted", "Count the hands for each option before you say what the room decides. The counts are saved with the decision."));
  choice.options.forEach((option, index) => {
    set.append(kitOption(option, index, { uid, draft, keep, votes: choice.votes }));
  });
  form.append(set, kitWords(uid, "note", "Why? Your reason in a sentence or two", 3, draft, keep));
  kitAppend(form, kitCite(view, uid, draft, keep));
  form.append(kitConfidence(uid, draft, keep));
  form.append(kitWords(uid, "change_mind", "What would change your mind?", 2, draft, keep));
  const row = kitElement("div", "kit-row");
  const commit = kitButton("Commit this decision", "kit-primary");
  commit.type = "submit";
  const hint = kitElement("p", "kit-form-message");
  hint.setAttribute("role", "alert");
  const why = kitElement("span", "kit-muted", open ? kitWaiting(open) : "The outcomes open after you commit.");
  why.id = `${uid}-why`;
  commit.setAttribute("aria-describedby", why.id);
  if (open) commit.setAttribute("aria-disabled", "true"); // it can be reached, and says why
  row.append(commit, why);
  form.append(hint, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hint.textContent = "";
    if (open) {
      hint.textContent = kitWaiting(open);
      why.hidden = true; // once is enough
      form.parentElement.querySelector(".kit-predictions form input")?.focus();
    } else if (!draft.option) {
      hint.textContent = "Choose one of the options first.";
      set.querySelector("input").focus();
    } else {
      commit.disabled = true; // one click, one decision; the answer draws the form anew
      const { option, note = "", confidence = null, evidence = [], change_mind = "", votes = {} } = draft;
      send({ kind: "decide", choice: choice.id, option, note, confidence, evidence, change_mind, votes });
    }
  });
  return form;
}

function kitWaiting(open) {
  const many = open === 1 ? "One prediction above is still open." : `${open} predictions above are still open.`;
  return `${many} Seal or pass ${open === 1 ? "it" : "each"}, then commit.`;
}

function kitOption(option, index, { uid, draft, keep, votes }) {
  const row = kitElement("div", "kit-option-row");
  const card = kitElement("label", "kit-option");
  const input = kitElement("input");
  Object.assign(input, { type: "radio", name: `${uid}-option`, value: option.id, id: `${uid}-o${index}` });
  input.checked = draft.option === option.id;
  input.setAttribute("aria-describedby", `${uid}-t${index}`);
  input.addEventListener("change", () => keep({ option: option.id }));
  const letter = kitElement("span", "kit-letter", String.fromCharCode(65 + index));
  letter.setAttribute("aria-hidden", "true");
  const words = kitElement("span", "kit-option-words");
  const but = kitElement("span", "kit-tradeoff");
  but.id = `${uid}-t${index}`;
  but.append(kitElement("span", "kit-tradeoff-word", "Trade-off "), option.tradeoff);
  words.append(kitElement("span", "kit-option-text", option.text), but);
  card.append(input, letter, words);
  row.append(card);
  if (votes) {
    const { label, field, read } = kitNumber(`${uid}-v${index}`, "Votes", draft.votes?.[option.id], { min: 0, step: 1 });
    field.setAttribute("aria-label", `Votes for option ${String.fromCharCode(65 + index)}: ${option.text}`);
    field.addEventListener("input", () => {
      const counts = { ...draft.votes };
      if (Number.isInteger(read()) && read() >= 0) counts[option.id] = read(); else delete counts[option.id];
      keep({ votes: counts });
    });
    const box = kitElement("div", "kit-votes");
    box.append(label, field);
    row.append(box);
  }
  return row;
}

function kitWords(uid, key, words, rows, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", words);
  const area = kitElement("textarea");
  Object.assign(area, { id: `${uid}-${key}`, rows, value: draft[key] ?? "" });
  area.dir = "auto";
  label.htmlFor = area.id;
  area.addEventListener("input", () => keep({ [key]: area.value }));
  box.append(label, area);
  return box;
}

function kitConfidence(uid, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "How sure are you that this is the best option?");
  const line = kitElement("div", "kit-row");
  const range = kitElement("input", "kit-range");
  Object.assign(range, { type: "range", id: `${uid}-sure`, min: 0, max: 100, step: 5 });
  range.value = draft.confidence ?? 50;
  const told = kitElement("output");
  const say = () => {
    const text = draft.confidence === undefined || draft.confidence === null ? "not stated" : `${draft.confidence} %`;
    told.textContent = text;
    range.setAttribute("aria-valuetext", text);
  };
  range.addEventListener("input", () => {
    keep({ confidence: Number(range.value) });
    say();
  });
  label.htmlFor = range.id;
  line.append(kitElement("span", "kit-muted", "a guess"), range, kitElement("span", "kit-muted", "certain"), told);
  box.append(label, line);
  say();
  return box;
}

function kitCite(view, uid, draft, keep) {
  const ids = view.citable.filter((id) => view.evidence[id]);
  if (!ids.length) return null;
  const box = kitElement("details", "kit-cite");
  const title = kitElement("summary");
  const chosen = new Set(draft.evidence ?? []);
  const say = () => { title.textContent = `Cite the evidence you rely on (${chosen.size} of ${ids.length})`; };
  const set = kitElement("fieldset");
  set.append(kitElement("legend", "kit-hidden", "Evidence you rely on"));
  ids.forEach((id, index) => {
    const line = kitElement("label", "kit-check");
    const input = kitElement("input");
    Object.assign(input, { type: "checkbox", id: `${uid}-e${index}`, checked: chosen.has(id) });
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(id); else chosen.delete(id);
      keep({ evidence: [...chosen] });
      say();
    });
    line.append(input, `${view.evidence[id].date}: ${view.evidence[id].title}`);
    set.append(line);
  });
  say();
  box.append(title, set);
  return box;
}
