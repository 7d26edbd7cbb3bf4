// The exercise panel (kit.widgets.exercise.ExercisePanel); the files of its parts stand above it in
// the same module. It shows model.view, keeps what is typed until it is committed, and sends messages.
// All text is set as text. One tab at a time: Situation → Decide → Outcomes → Situation …, with Paths
// and Log beside them; where governments take turns, a hand-over screen stands between them.

let kitPanels = 0; // makes ids unique when one page shows several panels
// A restarted kernel can miss a message, a busy one answers late: then say so, and let go again.
const KIT_SILENCE_MS = 8000;
const KIT_WAITED_FOR = ["start", "seat", "handover", "predict", "decide", "fork", "go", "from_file", "from_code"];
const KIT_SWITCHES = ["handover", "withdraw", "restart", "fork", "go", "from_file", "from_code"];
const KIT_SILENT = "No answer from the kernel yet. If it is busy, wait a moment. Otherwise press the button again, or run this cell again; nothing is lost.";

function kitSkeleton(uid, el, choose) {
  const root = kitElement("section", "kit-root kit-exercise");
  kitOwnKeys(root);
  root.setAttribute("aria-label", "Exercise");
  const part = (className, tag = "div") => kitElement(tag, className);
  const head = part("kit-exercise-head", "header");
  const notice = part("kit-notice");
  const warning = part("kit-unsaved");
  warning.setAttribute("role", "status");
  const error = part("kit-error", "p");
  error.setAttribute("role", "alert");
  const live = part("kit-hidden", "p");
  live.setAttribute("aria-live", "polite");
  const tabs = kitTabs(uid, choose);
  const body = part("kit-exercise-body");
  const clock = part("kit-clock-place");
  root.append(head, clock, notice, warning, error, live, tabs.bar, body, ...tabs.panels.values());
  el.append(root);
  return { root, head, clock, notice, warning, error, live, tabs, body };
}

function kitHeader(head, view) {
  const line = kitElement("div", "kit-title-row");
  line.append(kitElement("h2", "kit-exercise-title", view.title), kitElement("span", "kit-mark", view.mark));
  head.replaceChildren(line);
  if (view.moves) head.append(kitProgress(view.moves));
}

// What was continued or forked, and the way to the other plays.
function kitNotices(box, view, model, send) {
  box.replaceChildren();
  const text = model.get("notice");
  const plays = view.stage === "start" ? [] : model.get("plays");
  const here = plays.find((play) => play.here);
  box.hidden = !text && !here;
  if (box.hidden) return;
  const words = kitElement("span");
  words.append(kitElement("span", "", text));
  if (here) words.append(" ", kitElement("span", "kit-strong", `You are in the ${here.name}.`));
  box.append(words);
  for (const { name } of plays.filter((play) => !play.here)) {
    const go = kitButton(`Go to the ${name}`);
    go.addEventListener("click", () => send({ kind: "go", name }));
    box.append(go);
  }
  if (text && view.stage !== "start" && !here) {
    const again = kitButton("Start a new play");
    again.addEventListener("click", () => send({ kind: "restart" }));
    box.append(again);
  }
}

// What is not saved, and the way to save it after all.
function kitWarnings(box, view, send) {
  box.hidden = !view.warning;
  const words = kitElement("span", "", view.warning ?? "");
  if (box.hidden) box.replaceChildren();
  else if (box.firstChild?.textContent !== view.warning) {
    const file = kitButton("Download this play now");
    file.addEventListener("click", () => send({ kind: "capsule" }));
    box.replaceChildren(words, file);
  }
}

function render({ model, el }) {
  const uid = `kit-panel-${(kitPanels += 1)}`;
  const { root, head, clock: place, notice, warning, error, live, tabs, body } = kitSkeleton(uid, el, show);
  const memory = {
    tab: "situation", choice: null, draft: {}, timer: 0, waiting: 0, decided: 0, raw: null, stage: "",
    paths: null, carry: null, typed: {}, turn: null, next: "situation", answered: false,
  };
  const announce = (words) => { live.textContent = words; };
  const act = { send, keep, go: show, say };
  const clock = kitClock(send, announce);
  const outcomes = kitOutcomes(tabs.panels.get("outcomes"), model, act);
  place.append(clock.box);

  function send(message) {
    if (KIT_SWITCHES.includes(message.kind)) keepNow(); // it belongs to the play or seat that is left
    if (message.kind === "predict") memory.answered = true;
    model.send(message);
    if (!KIT_WAITED_FOR.includes(message.kind)) return;
    clearTimeout(memory.waiting);
    memory.waiting = setTimeout(() => say(KIT_SILENT), KIT_SILENCE_MS);
  }

  function show(name, focus = false) {
    memory.tab = name;
    tabs.select(name);
    if (focus) tabs.panels.get(name).querySelector("h3, legend")?.focus();
    look();
  }

  // Graph and code are made only for who looks at them: a decision need not wait for them.
  function look() {
    const { stage, size } = model.get("view");
    if (stage === "start" || stage === "handover") return;
    if (memory.tab === "paths") {
      const paths = model.get("paths");
      memory.paths ??= kitPaths(tabs.panels.get("paths"), model, uid, (decision) => {
        memory.next = "decide";
        send({ kind: "fork", decision });
      });
      if (!paths.figure) send({ kind: "paths" });
      else if (memory.drawnPaths !== paths) memory.paths.update(paths, size);
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
    if (memory.timer) {
      const { clock: _own, ...draft } = memory.draft; // the clock has messages of its own
      model.send({ kind: "draft", draft });
    }
    memory.timer = 0;
  }

  function forget() {
    clearTimeout(memory.timer);
    memory.timer = 0;
  }

  function decide(view) {
    const box = tabs.panels.get("decide");
    const id = view.choice?.id ?? null;
    if (id !== memory.choice || !id) {
      forget();
      memory.choice = id;
      memory.draft = view.draft?.choice === id && id ? { ...view.draft } : {};
    }
    if (id) box.replaceChildren(kitDecide(view, uid, memory, act));
    else if (view.next) box.replaceChildren(kitTurnOver(view, send));
    else box.replaceChildren(kitHeading(3, "Nothing is left to decide"));
  }

  // The screens without tabs: the choice of a seat, and the hand-over between two of them.
  function alone(view) {
    forget();
    for (const panel of tabs.panels.values()) {
      panel.hidden = true;
      // Nothing of the play before stays in the page.
      if (panel !== tabs.panels.get("outcomes")) panel.replaceChildren();
    }
    outcomes.destroy();
    tabs.panels.get("outcomes").replaceChildren();
    memory.paths?.destroy();
    Object.assign(memory, { choice: null, draft: {}, tab: "situation", paths: null, drawnPaths: null, carry: null });
    if (view.stage === "handover") {
      body.replaceChildren(kitHandoverScreen(view, send));
      if (memory.stage && memory.stage !== "handover") body.querySelector("h3").focus();
      announce(`Hand over to ${view.next.name}.`);
      return;
    }
    memory.decided = 0;
    const more = kitElement("details", "kit-elsewhere");
    more.append(kitElement("summary", "", "Continue a play from another machine"));
    more.append(kitCarry(uid, memory.typed, act, false).box);
    body.replaceChildren(kitStart(view, uid, send), more);
  }

  function begin(view) {
    const turn = model.get("turn");
    const switched = memory.turn !== null && memory.turn !== turn;
    memory.turn = turn;
    if (switched) {
      memory.choice = null; // the play that is shown now has its own draft
      memory.typed = {};
    }
    clearTimeout(memory.waiting);
    root.classList.toggle("kit-room", view.mode === "room");
    say(model.get("error"));
    kitHeader(head, view);
    clock.update(view);
    kitNotices(notice, view, model, send);
    kitWarnings(warning, view, send);
    return switched;
  }

  function update() {
    const raw = model.get("view");
    const view = { ...raw, fresh: raw !== memory.raw };
    memory.raw = raw;
    const switched = begin(view);
    const playing = view.stage === "play" || view.stage === "over";
    tabs.bar.hidden = !playing;
    body.hidden = playing;
    if (!playing) alone(view);
    else play(view, switched);
    memory.stage = view.stage;
  }

  // What is drawn anew must not take the focus away from who types or listens.
  function keepFocus() {
    const active = document.activeElement;
    if (!root.contains(active)) return () => {};
    const { id, selectionStart: from, selectionEnd: to } = active;
    return () => {
      if (root.contains(document.activeElement)) return;
      const again = id ? root.querySelector(`#${CSS.escape(id)}`) : null;
      if (again?.checkVisibility()) {
        again.focus({ preventScroll: true });
        if (again.tagName === "TEXTAREA") again.setSelectionRange(from, to);
      } else tabs.panels.get(memory.tab).querySelector("h3, legend")?.focus();
    };
  }

  function play(view, switched) {
    const sat = memory.stage === "handover";
    const before = memory.decided;
    const refocus = keepFocus();
    body.replaceChildren(); // its fields are in the log, too
    memory.decided = view.decisions.length;
    view.sameMove = view.stage === "play" && view.decisions.at(-1)?.move === view.move?.title;
    tabs.panels.get("situation").replaceChildren(kitSituation(view, memory, (name) => show(name, true)));
    decide(view);
    memory.carry = kitCarry(uid, memory.typed, act, true);
    memory.carry.update(model.get("code"));
    tabs.panels.get("log").replaceChildren(kitLog(view, send, memory.carry.box));
    const committed = memory.stage === "play" && !switched && memory.decided > before;
    const next = switched ? memory.next : memory.tab;
    if (switched) {
      memory.next = "situation";
      announce(model.get("notice"));
    }
    show(committed ? "outcomes" : next, switched || sat); // a plot needs a visible place to be drawn in
    outcomes.update(view);
    if (committed) {
      announce(`Decision recorded. ${view.outcomes?.summary ?? ""}`);
      tabs.panels.get("outcomes").querySelector("h3")?.focus();
    } else if (memory.answered) answered(view);
    else if (!switched && memory.decided < before) announce("The decision was taken back.");
    memory.answered = false;
    refocus();
  }

  // After an answer the next question waits, and after the last one the decision.
  function answered(view) {
    const open = view.predictions.filter((one) => one.open).length;
    announce(open ? `Recorded. ${open} more to predict.` : "Recorded. Now you can decide.");
    const panel = tabs.panels.get("decide");
    (panel.querySelector(".kit-predictions form input") ?? panel.querySelector(".kit-question"))?.focus();
  }

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
    if (!words) return;
    memory.next = "situation";
    memory.answered = false;
    error.scrollIntoView({ block: "nearest" });
    for (const button of root.querySelectorAll("button[type=submit], .kit-primary, .kit-prediction button")) button.disabled = false;
  }

  function refused() {
    clearTimeout(memory.waiting);
    say(model.get("error"));
  }

  const receive = (message) => kitSaveFile(message, announce);
  const stop = kitFollow(model, ["view", "notice", "plays", "turn"], update);
  model.on("change:paths", look);
  model.on("change:code", look);
  model.on("change:error", refused);
  model.on("msg:custom", receive);
  return () => {
    stop();
    model.off("change:paths", look);
    model.off("change:code", look);
    model.off("change:error", refused);
    model.off("msg:custom", receive);
    clearTimeout(memory.timer);
    clearTimeout(memory.waiting);
    clock.destroy();
    outcomes.destroy();
    memory.paths?.destroy();
    root.remove();
  };
}

export default { render };
