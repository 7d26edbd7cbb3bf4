// What people add in the hot wash: ratings, strengths, areas for improvement, the plan. plot.js and
// parts.js stand above it in the same module. Fields are built once and never drawn anew, so that
// nothing typed is lost; only the lists of what is saved are. All text is set as text.
//
//   kitPeople(uid, ratings, model)  -> {box, stop()}
//
// Python answers a message {kind, number, …} with the trait `done` = number once the entry is kept,
// or with `error`. Until then the words stay in their field.

const KIT_REFUSED = "Not saved; what you typed is still here.";
const KIT_PATIENCE = 5000; // ms until the panel says that nobody answers

function kitPeople(uid, ratings, model) {
  const box = kitElement("section", "kit-people");
  const draft = { ...model.get("draft") };
  const waiting = new Map(); // number of a message -> what to do once it is kept
  let number = Math.floor(Math.random() * 1_000_000) * 1000; // two views of one model never share one
  let timer = 0;

  const keepNow = () => {
    if (timer) model.send({ kind: "draft", draft });
    clearTimeout(timer);
    timer = 0;
  };
  const act = {
    draft,
    keep(name, value) {
      if (value) draft[name] = value; else delete draft[name];
      clearTimeout(timer);
      timer = setTimeout(keepNow, 600);
    },
    // Sends a message; says how it went in `status`, and calls kept() once Python has the entry.
    send(message, status, kept, words) {
      number += 1;
      const late = setTimeout(() => {
        // The same refusal twice is no change, so that nobody calls for it.
        status.textContent = model.get("error") ? KIT_REFUSED : "Nobody answers: the kernel is busy or gone. What you typed is still here.";
      }, KIT_PATIENCE);
      waiting.set(number, { late, status, kept, words });
      status.textContent = "Saving …";
      model.send({ ...message, number });
    },
  };

  const heading = kitHeading(3, "What you conclude");
  const told = "People rate and write; the kit does neither, and it averages nothing. All of it is kept with the play and stands in the report.";
  const warning = kitElement("p", "kit-notice");
  box.append(heading, kitElement("p", "kit-muted", told), warning);
  const parts = [
    kitRatings(uid, ratings, model.get("people").objectives, act),
    kitRemarks(uid, "strength", "strengths", act),
    kitRemarks(uid, "area", "areas", act),
    kitPlan(uid, act),
  ];
  box.append(...parts.map((part) => part.box));

  function update() {
    const people = model.get("people");
    warning.textContent = people.warning;
    warning.hidden = !people.warning;
    for (const part of parts) part.update(people);
  }
  function done() {
    const entry = waiting.get(model.get("done"));
    if (!entry) return;
    waiting.delete(model.get("done"));
    clearTimeout(entry.late);
    entry.kept();
    entry.status.textContent = entry.words;
  }
  function refused() {
    if (!model.get("error")) return;
    for (const entry of waiting.values()) {
      clearTimeout(entry.late);
      entry.status.textContent = KIT_REFUSED;
    }
    waiting.clear();
  }
  model.on("change:people", update);
  model.on("change:done", done);
  model.on("change:error", refused);
  update();
  return {
    box,
    stop() {
      keepNow();
      for (const entry of waiting.values()) clearTimeout(entry.late);
      model.off("change:people", update);
      model.off("change:done", done);
      model.off("change:error", refused);
    },
  };
}

function kitStatus() {
  const status = kitElement("span", "kit-muted kit-status");
  status.setAttribute("role", "status");
  return status;
}

function kitLabelled(uid, label, tag, options = {}) {
  const box = kitElement("div", "kit-field");
  const words = kitElement("label", "", label);
  const field = kitElement(tag, tag === "input" ? "kit-input" : "");
  Object.assign(field, { id: uid, ...options });
  if (field.type !== "date") field.dir = "auto";
  words.htmlFor = uid;
  if (tag === "input") {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // JupyterLab stops what Enter does in a form
      field.form?.requestSubmit();
    });
  }
  box.append(words, field);
  return { box, field };
}

// --- ratings -------------------------------------------------------------------------------------

function kitRatings(uid, ratings, objectives, act) {
  const form = kitElement("form", "kit-ratings");
  form.append(kitHeading(4, "How were the objectives met?"));
  const rows = objectives.map((goal, place) => kitRating(`${uid}-g${place}`, place + 1, goal, ratings, act));
  const line = kitElement("div", "kit-row");
  const save = kitButton("Save the ratings");
  save.type = "submit";
  const status = kitStatus();
  line.append(save, status);
  form.append(...rows.map((row) => row.box), line);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bare = rows.find((row) => row.note() && !row.rating());
    if (bare) {
      status.textContent = "Choose P, S, M or U, too: a note alone is not kept.";
      bare.focus();
      return;
    }
    const changed = rows.filter((row) => row.changed());
    if (!changed.length) {
      status.textContent = "There is nothing new to save.";
      return;
    }
    const kept = changed.map((row) => row.hold());
    const given = changed.map((row) => ({ objective: row.id, rating: row.rating(), note: row.note() }));
    const words = given.length === 1 ? "1 rating saved." : `${given.length} ratings saved.`;
    act.send({ kind: "rate", given }, status, () => kept.forEach((forget) => forget()), words);
  });
  return { box: form, update: (people) => people.objectives.forEach((goal, i) => rows[i].update(goal)) };
}

function kitRating(uid, place, goal, ratings, act) {
  const [rateKey, noteKey] = [`rate:${goal.id}`, `note:${goal.id}`];
  let saved = { rating: "", note: "" };
  const box = kitElement("fieldset", "kit-rating");
  const legend = kitElement("legend", "kit-strong", `${place}. ${goal.text}`);
  box.append(legend);
  const looked = kitElement("ul", "kit-muted");
  looked.append(...goal.criteria.map((words) => kitElement("li", "", words)));
  if (goal.criteria.length) box.append(kitElement("p", "kit-muted", "An evaluator looks for:"), looked);
  const line = kitElement("div", "kit-letters");
  const inputs = Object.entries(ratings).map(([letter, words]) => {
    const label = kitElement("label", "kit-letter");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name: `${uid}-r`, value: letter, id: `${uid}-${letter}` });
    input.addEventListener("change", () => act.keep(rateKey, letter));
    label.append(input, kitElement("span", "kit-strong", letter), kitElement("span", "", words));
    line.append(label);
    return input;
  });
  const told = kitElement("p", "kit-muted");
  const { box: field, field: area } = kitLabelled(`${uid}-n`, "What showed it?", "textarea", { rows: 2 });
  area.addEventListener("input", () => act.keep(noteKey, area.value));
  box.append(line, field, told);
  const rating = () => inputs.find((input) => input.checked)?.value ?? "";
  return {
    box,
    id: goal.id,
    rating,
    note: () => area.value,
    focus: () => inputs[0].focus(),
    changed: () => Boolean(rating()) && (rating() !== saved.rating || area.value !== saved.note),
    // What is on its way to Python is a draft until it is kept; what is typed meanwhile stays one.
    hold() {
      const sent = [rating(), area.value];
      return () => {
        if (rating() === sent[0]) act.keep(rateKey, "");
        if (area.value === sent[1]) act.keep(noteKey, "");
      };
    },
    update(now) {
      saved = { rating: now.rating, note: now.note };
      told.textContent = now.rating ? `Saved: ${now.rating}, ${ratings[now.rating]}.` : "Not rated.";
      const shown = act.draft[rateKey] ?? now.rating;
      for (const input of inputs) input.checked = input.value === shown;
      const words = act.draft[noteKey] ?? now.note;
      if (area.value !== words) area.value = words;
    },
  };
}

// --- lists of entries ------------------------------------------------------------------------------

const KIT_REMARKS = {
  strength: { title: "Strengths", add: "Add this strength", field: "What went well, and what showed it?" },
  area: { title: "Areas for improvement", add: "Add this area", field: "What could go better, and what showed it?" },
};

// Fields of one kind of entry, and the list of those that are kept. `fields` = {name: {box, field}}.
function kitEntries(kind, title, add, fields, act) {
  const form = kitElement("form", "kit-entries");
  const heading = kitHeading(4, title);
  const place = kitElement("div");
  const names = Object.keys(fields);
  const key = (name) => `${kind}:${name}`;
  for (const [name, { field }] of Object.entries(fields)) {
    field.value = act.draft[key(name)] ?? "";
    field.addEventListener("input", () => act.keep(key(name), field.value));
  }
  let ref = null; // number of the entry that is being changed
  const line = kitElement("div", "kit-row");
  const save = kitButton(add);
  save.type = "submit";
  const stop = kitButton("Leave it as it was", "kit-quiet");
  const status = kitStatus();
  line.append(save, stop, status);
  const row = kitElement("div", "kit-fields");
  row.append(...Object.values(fields).map((item) => item.box));
  form.append(heading, place, row, line);
  const edit = (entry) => {
    ref = entry?.seq ?? null;
    save.textContent = ref === null ? add : "Save the change";
    stop.hidden = ref === null;
  };
  const fill = (entry) => {
    for (const name of names) {
      fields[name].field.value = entry?.[name] ?? "";
      act.keep(key(name), fields[name].field.value);
    }
  };
  edit(null);
  stop.addEventListener("click", () => {
    edit(null);
    fill(null);
    fields.text.field.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { text } = fields;
    if (!text.field.value.trim()) {
      status.textContent = "Write a few words first.";
      text.field.focus();
      return;
    }
    if (names.some((name) => fields[name].field.validity.badInput)) {
      status.textContent = "The date is not whole: give day, month and year, or none.";
      return;
    }
    const sent = Object.fromEntries(names.map((name) => [name, fields[name].field.value]));
    act.send({ kind, ...sent, ref }, status, () => {
      if (names.some((name) => fields[name].field.value !== sent[name])) return; // typed on meanwhile
      edit(null);
      fill(null);
    }, ref === null ? "Added." : "Changed.");
  });
  const tools = (entry) => {
    const pair = kitElement("span", "kit-entry-tools");
    const change = kitButton("Change");
    change.setAttribute("aria-label", `Change: ${entry.text}`);
    change.addEventListener("click", () => {
      if (fields.text.field.value.trim() && ref === null) {
        status.textContent = "First add what you are typing, or clear it.";
        fields.text.field.focus();
        return;
      }
      edit(entry);
      fill(entry);
      fields.text.field.focus();
    });
    const remove = kitButton("Remove");
    remove.setAttribute("aria-label", `Remove: ${entry.text}`);
    remove.addEventListener("click", () => {
      heading.focus();
      act.send({ kind, text: "", ref: entry.seq }, status, () => {
        if (ref === entry.seq) edit(null);
      }, "Removed; the log still has it.");
    });
    pair.append(change, remove);
    return pair;
  };
  return { box: form, place, tools };
}

function kitRemarks(uid, kind, name, act) {
  const { title, add, field } = KIT_REMARKS[kind];
  const fields = { text: kitLabelled(`${uid}-${kind}`, field, "textarea", { rows: 2 }) };
  const { box, place, tools } = kitEntries(kind, title, add, fields, act);
  const update = (people) => {
    const list = kitElement("ul", "kit-kept");
    for (const entry of people[name]) {
      const item = kitElement("li");
      const words = kitElement("span", "kit-typed", entry.text);
      words.dir = "auto";
      item.append(words, tools(entry));
      list.append(item);
    }
    place.replaceChildren(people[name].length ? list : kitElement("p", "kit-muted", "None entered yet."));
  };
  return { box, update };
}

function kitPlan(uid, act) {
  const fields = {
    text: kitLabelled(`${uid}-action`, "Action: who does what differently next time?", "textarea", { rows: 2 }),
    owner: kitLabelled(`${uid}-owner`, "Owner: an office or a team", "input", { type: "text", autocomplete: "off" }),
    due: kitLabelled(`${uid}-due`, "Due date", "input", { type: "date" }),
  };
  const { box, place, tools } = kitEntries("plan", "Improvement plan", "Add this action", fields, act);
  const update = (people) => {
    if (!people.plan.length) {
      place.replaceChildren(kitElement("p", "kit-muted", "None entered yet. One action a line, each with one owner and one date."));
      return;
    }
    const table = kitElement("table", "kit-table");
    const head = kitElement("tr");
    for (const title of ["Action", "Owner", "Due date", "Entry"]) {
      const cell = kitElement("th", "", title);
      cell.scope = "col";
      head.append(cell);
    }
    const top = kitElement("thead");
    top.append(head);
    const body = kitElement("tbody");
    for (const entry of people.plan) {
      const row = kitElement("tr");
      const name = kitElement("th", "kit-typed", entry.text);
      name.scope = "row";
      name.dir = "auto";
      const owner = kitElement("td", "kit-typed", entry.owner || "no owner yet");
      owner.dir = "auto";
      const last = kitElement("td");
      last.append(tools(entry));
      row.append(name, owner, kitElement("td", "", entry.due || "no date yet"), last);
      body.append(row);
    }
    table.append(top, body);
    const frame = kitElement("div", "kit-table-box");
    frame.append(table);
    place.replaceChildren(frame);
  };
  return { box, update };
}
