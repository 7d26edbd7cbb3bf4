// The exercise panel (kit.widgets.exercise.ExercisePanel); plot.js, parts.js, paths.js and carry.js
// stand above it in the same module.
// It shows model.view, keeps what is typed until it is committed, and sends messages. All text is set
// as text. One tab at a time: Situation → Decide → Outcomes → Situation …, with Paths and Log beside them.

const KIT_TABS = [
  ["situation", "Situation"],
  ["decide", "Decide"],
  ["outcomes", "Outcomes"],
  ["paths", "Paths"],
  ["log", "Log"],
];
let kitPanels = 0; // makes ids unique when one page shows several panels

// --- parts of the panel ------------------------------------------------------------------------

function kitInject(inject, cards, mark) {
  const box = kitElement("article", `kit-inject kit-channel-${inject.kind}`);
  const head = kitElement("header", "kit-inject-head");
  head.append(kitElement("span", "kit-channel", inject.channel));
  head.append(kitElement("span", "", `From ${inject.from} to ${inject.to}`));
  head.append(kitElement("span", "kit-mark", mark));
  return kitAppend(box, head, kitParagraphs(inject.text), kitEvidence(inject.evidence, cards));
}

function kitTold(move, view, level) {
  const box = kitElement("div", "kit-told");
  if (move.situation) box.append(kitParagraphs(move.situation, "kit-prose"));
  if (move.injects?.length) {
    box.append(kitHeading(level, "What reaches you"));
    for (const inject of move.injects) box.append(kitInject(inject, view.evidence, view.mark));
  }
  return box;
}

function kitBriefs(briefs) {
  const box = kitElement("details", "kit-brief");
  const names = briefs.map((brief) => brief.name).join(", ");
  box.append(kitElement("summary", "", `Your brief: ${names}`));
  for (const brief of briefs) {
    const head = brief.office ? `${brief.name} · ${brief.office}` : brief.name;
    kitAppend(box, kitElement("p", "kit-strong", head), kitParagraphs(brief.brief, "kit-prose"));
  }
  return box;
}

function kitProgress(moves) {
  const list = kitElement("ol", "kit-progress");
  list.setAttribute("aria-label", "Moves of the exercise");
  for (const move of moves) {
    const item = kitElement("li", `kit-${move.standing}`);
    const words = { done: "done", now: "now", later: "to come" }[move.standing];
    item.append(kitElement("span", "kit-progress-title", move.title));
    item.append(kitElement("span", "kit-muted", `${move.as_of} · ${words}`));
    if (move.standing === "now") item.setAttribute("aria-current", "step");
    list.append(item);
  }
  return list;
}

function kitSituation(view, go) {
  const box = kitElement("div");
  const move = view.move;
  if (view.stage === "over") {
    box.append(kitHeading(3, "The exercise is over"));
    kitAppend(box, kitNews("What is new", view.news));
    const next = kitButton("See the outcomes", "kit-primary");
    next.addEventListener("click", () => go("outcomes"));
    box.append(next);
    if (view.discussion.length) box.append(kitNews("For the hot wash", view.discussion));
  } else {
    box.append(kitHeading(3, `Move ${move.number}: ${move.title}`));
    box.append(kitElement("p", "kit-muted", `${move.as_of} · about ${move.minutes} minutes`));
    const since = view.decisions.length ? "What is new" : "Already known";
    kitAppend(box, kitNews(since, view.news), kitTold(move, view, 4), kitBriefs(view.briefs));
    const next = kitButton("Go to the decision", "kit-primary kit-next");
    next.addEventListener("click", () => go("decide"));
    box.append(next);
  }
  if (view.earlier.length) {
    const before = kitElement("details", "kit-earlier");
    before.append(kitElement("summary", "", "Earlier moves"));
    for (const past of view.earlier) {
      before.append(kitElement("h4", "", `${past.title} (${past.as_of})`), kitTold(past, view, 5));
    }
    box.append(before);
  }
  return box;
}

// --- the decision form ---------------------------------------------------------------------------

function kitDecide(view, uid, draft, send, keep) {
  const choice = view.choice;
  const form = kitElement("form", "kit-decide");
  const set = kitElement("fieldset", "kit-options");
  const legend = kitElement("legend", "kit-question", `${choice.role} decides: ${choice.question}`);
  legend.tabIndex = -1;
  set.append(legend);
  if (choice.context) set.append(kitElement("p", "kit-prose", choice.context));
  kitAppend(set, kitEvidence(choice.evidence, view.evidence));
  choice.options.forEach((option, index) => {
    const card = kitElement("label", "kit-option");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name: `${uid}-option`, value: option.id, id: `${uid}-o${index}` });
    input.checked = draft.option === option.id;
    input.setAttribute("aria-describedby", `${uid}-t${index}`);
    input.addEventListener("change", () => keep({ option: option.id }));
    const words = kitElement("span", "kit-option-words");
    const but = kitElement("span", "kit-tradeoff", option.tradeoff);
    but.id = `${uid}-t${index}`;
    words.append(kitElement("span", "kit-option-text", option.text), but);
    card.append(input, words);
    set.append(card);
  });
  form.append(set, kitRationale(uid, draft, keep), kitConfidence(uid, draft, keep));
  kitAppend(form, kitCite(view, uid, draft, keep));
  const row = kitElement("div", "kit-row");
  const commit = kitButton("Commit this decision", "kit-primary");
  commit.type = "submit";
  const hint = kitElement("p", "kit-form-message");
  hint.setAttribute("role", "alert");
  row.append(commit, kitElement("span", "kit-muted", "The outcomes open after you commit."));
  form.append(hint, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!draft.option) {
      hint.textContent = "Choose one of the options first.";
      set.querySelector("input").focus();
      return;
    }
    hint.textContent = "";
    commit.disabled = true; // one click, one decision; the answer draws the form anew
    const { option, note = "", confidence = null, evidence = [] } = draft;
    send({ kind: "decide", choice: choice.id, option, note, confidence, evidence });
  });
  return form;
}

function kitRationale(uid, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "Why? Your reason in a sentence or two");
  const area = kitElement("textarea");
  Object.assign(area, { id: `${uid}-note`, rows: 3, value: draft.note ?? "" });
  area.dir = "auto";
  label.htmlFor = area.id;
  area.addEventListener("input", () => keep({ note: area.value }));
  box.append(label, area);
  return box;
}

function kitConfidence(uid, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "How sure are you that this is the best option?");
  const line = kitElement("div", "kit-row");
  const range = kitElement("input");
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

// --- outcomes and log ----------------------------------------------------------------------------

function kitCauses(causes, cards) {
  const box = kitElement("section");
  box.append(kitHeading(4, "What makes the difference"));
  const note = "Each line is one effect of the model, with what it rests on. Disagree? That is what the hot wash is for.";
  box.append(kitElement("p", "kit-muted", note));
  for (const cause of causes) {
    const item = kitElement("details", "kit-cause");
    const line = kitElement("summary");
    line.append(kitElement("span", "kit-strong", `${cause.measure}: ${cause.change}. `), cause.why);
    item.append(line);
    if (cause.assumption) {
      const { text, size, basis, computed, dissent, evidence } = cause.assumption;
      item.append(kitElement("p", "", text));
      item.append(kitElement("p", "kit-muted", `Size: ${size}; basis: ${basis}; chance that it applies: ${cause.chance}.`));
      if (computed) item.append(kitElement("p", "kit-muted kit-code", computed));
      if (dissent) item.append(kitElement("p", "", `A dissenting view: ${dissent}`));
      kitAppend(item, kitEvidence(evidence, cards));
    }
    box.append(item);
  }
  return box;
}

function kitLast(view) {
  const last = view.decisions.at(-1);
  if (!last) return kitElement("div");
  const box = kitElement("div", "kit-last");
  box.append(kitElement("p", "kit-muted", `${last.role}, ${last.move}`));
  box.append(kitElement("p", "kit-strong", `You decided: ${last.option}`));
  return box;
}

function kitLog(view, send, carry) {
  const box = kitElement("div");
  box.append(kitHeading(3, "Log of this play"));
  const saved = view.saved ? `Saved after every event in ${view.saved}.` : "This play is not saved to a file.";
  box.append(kitElement("p", "kit-muted", `Scenario ${view.scenario} ${view.version}, seed ${view.seed}. ${saved}`));
  const list = kitElement("ol", "kit-log");
  for (const entry of view.log) {
    const item = kitElement("li");
    item.append(kitElement("span", "", entry.text));
    item.dir = "auto";
    list.append(item);
  }
  box.append(list);
  const row = kitElement("div", "kit-row");
  const undo = kitButton("Take back the last decision");
  undo.disabled = !view.decisions.length;
  undo.addEventListener("click", () => send({ kind: "withdraw" }));
  row.append(undo, kitReport(send));
  box.append(row, carry);
  return box;
}

// --- first screen ----------------------------------------------------------------------------------

function kitStart(view, uid, send) {
  const form = kitElement("form", "kit-start");
  form.append(kitParagraphs(view.summary, "kit-prose"));
  form.append(kitNews("You will practice to", view.objectives));
  const set = kitElement("fieldset", "kit-options");
  const legend = kitElement("legend", "kit-question", "Which government do you speak for?");
  set.append(legend);
  const seats = [...view.roles];
  seats.forEach((role, index) => {
    const card = kitElement("label", "kit-option");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name: `${uid}-role`, value: role.id, checked: index === 0 });
    const words = kitElement("span", "kit-option-words");
    // The brief is private to the role: it opens after the start, not here for the whole room.
    words.append(kitElement("span", "kit-option-text", role.name), kitElement("span", "kit-tradeoff", role.office));
    card.append(input, words);
    set.append(card);
  });
  if (seats.length > 1) {
    const card = kitElement("label", "kit-option");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name: `${uid}-role`, value: "" });
    const words = kitElement("span", "kit-option-words");
    words.append(kitElement("span", "kit-option-text", "All of them, in turn"));
    words.append(kitElement("span", "kit-tradeoff", "For a group around one screen: each government decides for itself."));
    card.append(input, words);
    set.append(card);
  }
  const note = "Governments you do not play decide by the odds stated in the scenario. No account, no name needed.";
  const go = kitButton("Start the exercise", "kit-primary");
  go.type = "submit";
  const row = kitElement("div", "kit-row");
  row.append(go, kitElement("span", "kit-muted", `About ${view.minutes} minutes. ${note}`));
  form.append(set, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = new FormData(form).get(`${uid}-role`);
    go.disabled = true;
    send({ kind: "start", roles: value ? [value] : view.roles.map((role) => role.id) });
  });
  return form;
}

// --- the panel ---------------------------------------------------------------------------------------

function render({ model, el }) {
  const uid = `kit-panel-${(kitPanels += 1)}`;
  // A restarted kernel can miss a message, a busy one answers late: then say so, and let go again.
  const SILENCE_MS = 8000;
  const WAITED_FOR = ["start", "decide", "fork", "go", "from_file", "from_code"];
  const SWITCHES = ["withdraw", "restart", "fork", "go", "from_file", "from_code"];
  const send = (message) => {
    if (SWITCHES.includes(message.kind)) keepNow(); // it belongs to the play that is left
    model.send(message);
    if (!WAITED_FOR.includes(message.kind)) return;
    clearTimeout(memory.waiting);
    memory.waiting = setTimeout(() => {
      say("No answer from the kernel yet. If it is busy, wait a moment. Otherwise press the button again, or run this cell again; nothing is lost.");
    }, SILENCE_MS);
  };
  const root = kitElement("section", "kit-root kit-exercise");
  kitOwnKeys(root);
  root.setAttribute("aria-label", "Exercise");
  const head = kitElement("header", "kit-exercise-head");
  const notice = kitElement("div", "kit-notice");
  const error = kitElement("p", "kit-error");
  error.setAttribute("role", "alert");
  const live = kitElement("p", "kit-hidden");
  live.setAttribute("aria-live", "polite");
  const tabs = kitTabs(uid, show);
  const body = kitElement("div", "kit-exercise-body");
  root.append(head, notice, error, live, tabs.bar, body, ...tabs.panels.values());
  el.append(root);

  const memory = {
    tab: "situation", choice: null, draft: {}, timer: 0, waiting: 0, decided: 0, chart: null,
    paths: null, carry: null, typed: {}, turn: null, next: "situation",
  };
  const act = { send, say: (words) => say(words) };

  function show(name, focus = false) {
    memory.tab = name;
    tabs.select(name);
    if (focus) tabs.panels.get(name).querySelector("h3, legend")?.focus();
    look();
  }

  // Graph and code are made only for who looks at them: a decision need not wait for them.
  function look() {
    if (model.get("view").stage === "start") return;
    if (memory.tab === "paths") {
      const paths = model.get("paths");
      memory.paths ??= kitPaths(tabs.panels.get("paths"), model, uid, (decision) => {
        memory.next = "decide";
        send({ kind: "fork", decision });
      });
      if (!paths.figure) send({ kind: "paths" });
      else if (memory.drawnPaths !== paths) memory.paths.update(paths);
      memory.drawnPaths = paths;
    }
    if (memory.tab === "log") {
      const code = model.get("code");
      if ("code" in code) memory.carry?.update(code); else send({ kind: "code" });
    }
  }

  function keep(part) {
    Object.assign(memory.draft, part, { choice: memory.choice });
    clearTimeout(memory.timer);
    memory.timer = setTimeout(keepNow, 600);
  }

  function keepNow() {
    clearTimeout(memory.timer);
    if (memory.timer) model.send({ kind: "draft", draft: memory.draft });
    memory.timer = 0;
  }

  function header(view) {
    const line = kitElement("div", "kit-title-row");
    line.append(kitElement("h2", "kit-exercise-title", view.title), kitElement("span", "kit-mark", view.mark));
    head.replaceChildren(line);
    if (view.moves) head.append(kitProgress(view.moves));
  }

  function notices(view) {
    notice.replaceChildren();
    const text = [model.get("notice"), view.warning].filter(Boolean).join(" ");
    const plays = view.stage === "start" ? [] : model.get("plays");
    const here = plays.find((play) => play.here);
    notice.hidden = !text && !here;
    if (notice.hidden) return;
    const words = kitElement("span");
    words.append(kitElement("span", "", text));
    if (here) words.append(" ", kitElement("span", "kit-strong", `You are in the ${here.name}.`));
    notice.append(words);
    for (const { name } of plays.filter((play) => !play.here)) {
      const go = kitButton(`Go to the ${name}`);
      go.addEventListener("click", () => send({ kind: "go", name }));
      notice.append(go);
    }
    if (model.get("notice") && view.stage !== "start" && !here) {
      const again = kitButton("Start a new play");
      again.addEventListener("click", () => send({ kind: "restart" }));
      notice.append(again);
    }
  }

  function outcomes(view) {
    const box = tabs.panels.get("outcomes");
    if (!view.outcomes) {
      memory.chart?.destroy();
      memory.chart = null;
      const empty = kitElement("p", "kit-prose", "Nothing to see yet: outcomes open after your first decision. Until then, ask yourself what you expect.");
      box.replaceChildren(kitHeading(3, "Outcomes"), empty);
      return;
    }
    if (!memory.chart) {
      const parts = { head: kitElement("div"), plot: kitElement("div"), tail: kitElement("div") };
      box.replaceChildren(parts.head, parts.plot, parts.tail);
      memory.chart = { ...kitChart(parts.plot, model, { announce: false }), parts };
    }
    const { parts } = memory.chart;
    const over = view.stage === "over";
    parts.head.replaceChildren(kitHeading(3, over ? "How this play ended" : "Where this leads"), kitLast(view));
    parts.head.append(kitElement("p", "kit-muted", `${view.model_mark} ${view.outcomes.legend} ${view.outcomes.method}`));
    const { figure, summary, table, title, height } = view.outcomes;
    memory.chart.update({ figure, summary, table, title, height, clickable: false });
    const next = over ? kitReport(send) : kitButton(view.choice && view.sameMove ? "Next decision" : "Continue");
    next.classList.add("kit-primary");
    if (!over) next.addEventListener("click", () => show(view.sameMove ? "decide" : "situation", true));
    parts.tail.replaceChildren(next, kitCauses(view.outcomes.causes, view.evidence));
  }

  function decide(view) {
    const box = tabs.panels.get("decide");
    const id = view.choice?.id ?? null;
    if (id !== memory.choice || !id) {
      memory.choice = id;
      memory.draft = view.draft?.choice === id && id ? { ...view.draft } : {};
    }
    if (id) box.replaceChildren(kitDecide(view, uid, memory.draft, send, keep));
    else box.replaceChildren(kitHeading(3, "Nothing is left to decide"));
  }

  function update() {
    const view = { ...model.get("view") };
    const before = memory.decided;
    const turn = model.get("turn");
    const switched = memory.turn !== null && memory.turn !== turn;
    memory.turn = turn;
    if (switched) {
      memory.choice = null; // the play that is shown now has its own draft
      memory.typed = {};
    }
    clearTimeout(memory.timer);
    memory.timer = 0;
    clearTimeout(memory.waiting);
    say(model.get("error"));
    header(view);
    notices(view);
    const playing = view.stage !== "start";
    tabs.bar.hidden = !playing;
    for (const panel of tabs.panels.values()) panel.hidden = true;
    body.hidden = playing;
    if (!playing) {
      memory.choice = null; // what was typed belongs to the play before
      memory.decided = 0;
      memory.tab = "situation";
      const more = kitElement("details", "kit-elsewhere");
      more.append(kitElement("summary", "", "Continue a play from another machine"));
      more.append(kitCarry(uid, memory.typed, act, false).box);
      body.replaceChildren(kitStart(view, uid, send), more);
      return;
    }
    body.replaceChildren(); // its fields are in the log, too
    memory.decided = view.decisions.length;
    view.sameMove = view.stage === "play" && view.decisions.at(-1)?.move === view.move?.title;
    tabs.panels.get("situation").replaceChildren(kitSituation(view, (name) => show(name, true)));
    decide(view);
    memory.carry = kitCarry(uid, memory.typed, act, true);
    memory.carry.update(model.get("code"));
    tabs.panels.get("log").replaceChildren(kitLog(view, send, memory.carry.box));
    const committed = memory.drawn && !switched && memory.decided > before;
    const next = switched ? memory.next : memory.tab;
    if (switched) {
      memory.next = "situation";
      live.textContent = model.get("notice");
    }
    show(committed ? "outcomes" : next, switched); // a plot needs a visible place to be drawn in
    outcomes(view);
    if (committed) {
      live.textContent = `Decision recorded. ${view.outcomes?.summary ?? ""}`;
      tabs.panels.get("outcomes").querySelector("h3")?.focus();
    }
    memory.drawn = true;
  }

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
    if (!words) return;
    memory.next = "situation";
    error.scrollIntoView({ block: "nearest" });
    for (const button of root.querySelectorAll(".kit-primary")) button.disabled = false;
  }

  function refused() {
    clearTimeout(memory.waiting);
    say(model.get("error"));
  }

  const receive = (message) => kitSaveFile(message, (text) => { live.textContent = text; });

  model.on("change:view", update);
  model.on("change:notice", update);
  model.on("change:plays", update);
  model.on("change:paths", look);
  model.on("change:code", look);
  model.on("change:error", refused);
  model.on("msg:custom", receive);
  update();
  return () => {
    model.off("change:view", update);
    model.off("change:notice", update);
    model.off("change:plays", update);
    model.off("change:paths", look);
    model.off("change:code", look);
    model.off("change:error", refused);
    model.off("msg:custom", receive);
    clearTimeout(memory.timer);
    clearTimeout(memory.waiting);
    memory.chart?.destroy();
    memory.paths?.destroy();
    root.remove();
  };
}

// A tab list as WAI-ARIA describes it: arrow keys move, one tab stop, panels labelled by their tab.
function kitTabs(uid, choose) {
  const bar = kitElement("div", "kit-tabs");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "Parts of the exercise");
  const buttons = new Map();
  const panels = new Map();
  for (const [name, title] of KIT_TABS) {
    const button = kitButton(title, "kit-tab");
    button.setAttribute("role", "tab");
    Object.assign(button, { id: `${uid}-tab-${name}` });
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
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (now < 0 || !step) return;
    event.preventDefault();
    const name = names[(now + step + names.length) % names.length];
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

export default { render };
