// A task (kit.widgets.task.TaskView); plot.js and parts.js stand above it in the same module.
// The answer field is built once and never drawn anew, so that nothing typed is lost; what Python
// says of it (feedback, hints, solution) is. All text is set as text.

let kitTasks = 0; // makes ids unique when one page shows several tasks

// --- answer fields: {element, value(), put(value), focus()} --------------------------------------

function kitTaskOptions(view, uid, type, legend, changed) {
  const set = kitElement("fieldset", "kit-task-options");
  set.append(legend);
  const inputs = view.options.map((option, index) => {
    const card = kitElement("label", "kit-task-option");
    const input = kitElement("input");
    Object.assign(input, { type, name: `${uid}-option`, value: option.value, id: `${uid}-o${index}` });
    input.addEventListener("change", changed);
    card.append(input, kitElement("span", "", option.text));
    set.append(card);
    return input;
  });
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    element: set,
    value: () => (type === "radio" ? chosen()[0] ?? "" : chosen()),
    put: (value) => {
      const wanted = [value ?? []].flat().map(String);
      for (const input of inputs) input.checked = wanted.includes(input.value);
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

function kitTaskLabel(uid, label, control) {
  const box = kitElement("div", "kit-task-field");
  control.id = `${uid}-answer`;
  label.htmlFor = control.id;
  box.append(label);
  return box;
}

function kitTaskNumber(view, uid, label, changed) {
  const input = kitElement("input", "kit-task-input kit-task-number");
  Object.assign(input, { type: "text", inputMode: "numeric", autocomplete: "off" });
  input.addEventListener("input", changed);
  const box = kitTaskLabel(uid, label, input);
  const line = kitElement("div", "kit-task-line");
  line.append(input, kitElement("span", "", view.unit));
  box.append(line);
  return { element: box, value: () => input.value, put: (v) => { input.value = v ?? ""; }, focus: () => input.focus() };
}

function kitTaskText(view, uid, label, changed) {
  const area = kitElement("textarea", "kit-task-input");
  Object.assign(area, { rows: 6, dir: "auto", spellcheck: true });
  area.addEventListener("input", changed);
  const box = kitTaskLabel(uid, label, area);
  box.append(area);
  return { element: box, value: () => area.value, put: (v) => { area.value = v ?? ""; }, focus: () => area.focus() };
}

// A list of every row, narrowed by words; an id or a year narrows it too.
function kitTaskRow(view, uid, label, changed) {
  const search = kitElement("input", "kit-task-input kit-task-wide");
  Object.assign(search, { type: "search", id: `${uid}-search`, autocomplete: "off" });
  const find = kitElement("label", "kit-task-small", `Narrow the list: words, a year or an id`);
  find.htmlFor = search.id;
  const list = kitElement("select", "kit-task-input kit-task-wide kit-task-list");
  list.size = 6;
  const count = kitElement("p", "kit-task-small");
  count.setAttribute("aria-live", "polite");
  const box = kitTaskLabel(uid, label, list);
  box.append(find, search, list, count);
  const narrow = (keep) => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = view.rows.filter((row) => {
      const text = `${row.label} ${row.id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    list.replaceChildren(...found.map((row) => {
      const option = kitElement("option", "", row.label);
      option.value = row.id;
      return option;
    }));
    list.value = found.some((row) => row.id === keep) ? keep : "";
    if (found.length === 1) list.value = found[0].id;
    count.textContent = found.length ? `${found.length} of ${view.rows.length} ${view.noun}` : `None of ${view.rows.length} ${view.noun} has these words.`;
  };
  search.addEventListener("input", () => { narrow(list.value); changed(); });
  list.addEventListener("change", changed);
  narrow("");
  return {
    element: box,
    value: () => list.value,
    put: (value) => { search.value = ""; narrow(value ?? ""); list.selectedOptions[0]?.scrollIntoView?.({ block: "nearest" }); },
    focus: () => (list.value ? list : search).focus(),
  };
}

function kitTaskField(view, uid, changed) {
  const tag = ["choice", "several"].includes(view.kind) ? "legend" : "label";
  const question = kitElement(tag, "kit-task-question", view.question);
  if (view.kind === "choice") return kitTaskOptions(view, uid, "radio", question, changed);
  if (view.kind === "several") return kitTaskOptions(view, uid, "checkbox", question, changed);
  if (view.kind === "number") return kitTaskNumber(view, uid, question, changed);
  if (view.kind === "row") return kitTaskRow(view, uid, question, changed);
  return kitTaskText(view, uid, question, changed);
}

// --- the task ------------------------------------------------------------------------------------

function kitTaskFeedback(box, view) {
  const { right, text } = view.feedback;
  box.className = `kit-task-feedback ${right === true ? "kit-task-right" : right === false ? "kit-task-wrong" : ""}`;
  box.replaceChildren();
  if (!text) return;
  const word = right === true ? "✓ Right." : right === false ? "✗ Not yet." : "";
  if (word) box.append(kitElement("strong", "", word), " ");
  box.append(text);
}

function render({ model, el }) {
  const uid = `kit-task-${(kitTasks += 1)}`;
  const first = model.get("view");
  const root = kitElement("section", "kit-root kit-task");
  kitOwnKeys(root);
  const title = kitElement("p", "kit-task-title", first.title);
  title.id = `${uid}-title`;
  root.setAttribute("aria-labelledby", title.id);
  const form = kitElement("form");
  form.noValidate = true;
  let timer = 0;
  const field = kitTaskField(first, uid, () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });
  const keep = () => model.send({ kind: "draft", answer: field.value() });
  const row = kitElement("div", "kit-task-row");
  const check = kitButton(first.kind === "text" ? "Keep my text" : "Check my answer", "kit-primary");
  check.type = "submit";
  const hint = kitButton("Give me a hint");
  const tries = kitElement("span", "kit-task-small");
  row.append(check, hint, tries);
  const feedback = kitElement("div", "kit-task-feedback");
  feedback.setAttribute("role", "status");
  const hints = kitElement("div", "kit-task-hints");
  hints.setAttribute("aria-live", "polite");
  const notice = kitElement("p", "kit-error");
  notice.setAttribute("role", "alert");
  const fold = kitElement("details", "kit-task-solution");
  const solution = kitElement("p");
  const shut = kitElement("p", "kit-task-small");
  fold.append(kitElement("summary", "", first.kind === "text" ? "One possible text" : "Solution"), solution);
  form.append(field.element, row);
  root.append(title, form, feedback, hints, fold, shut, notice);
  el.append(root);
  field.put(first.current);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    model.send({ kind: "answer", answer: field.value() });
  });
  // JupyterLab keeps the Enter key from handing in a form. In the search field it only narrows.
  form.addEventListener("keydown", (event) => {
    const { tagName, type } = event.target;
    if (event.key !== "Enter" || event.isComposing || tagName !== "INPUT") return;
    event.preventDefault();
    event.stopPropagation();
    if (type !== "search") form.requestSubmit();
  });
  hint.addEventListener("click", () => model.send({ kind: "hint" }));

  function update() {
    const view = model.get("view");
    if (view.fill) field.put(view.current);
    kitTaskFeedback(feedback, view);
    hints.replaceChildren(...view.hints.map((text, n) => {
      const line = kitElement("p");
      line.append(kitElement("strong", "", `Hint ${n + 1}: `), text);
      return line;
    }));
    hint.hidden = !view.hints.length && !view.hints_left;
    hint.disabled = !view.hints_left;
    hint.textContent = view.hints_left ? `Give me a hint (${view.hints_left} left)` : "No more hints";
    const many = view.attempts === 1 ? "1 answer" : `${view.attempts} answers`;
    tries.textContent = !view.attempts ? "" : view.kind === "text" ? "Kept in your log" : view.solved ? `Solved, after ${many}` : `${many} so far`;
    fold.hidden = !view.open;
    solution.textContent = view.open ? view.solution : "";
    shut.hidden = view.open;
    shut.textContent = view.open ? "" : view.solution;
    notice.textContent = view.notice;
    notice.hidden = !view.notice;
  }

  model.on("change:view", update);
  update();
  return () => {
    model.off("change:view", update);
    if (timer) clearTimeout(timer);
    root.remove();
  };
}

export default { render };
