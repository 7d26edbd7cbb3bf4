// The article on trial (kit.widgets.trial.TrialPanel); plot.js and parts.js stand above it in the same
// module.
// It shows model.view and model.cards, keeps what is typed until it is committed, and sends messages.
// All text is set as text. One claim at a time; its verdict is not in the browser before the commit.

let kitTrials = 0; // makes ids unique when one page shows several panels

const KIT_STANDINGS = {
  open: ["", "not marked yet"],
  right: ["✓", "marked as the record does"],
  other: ["≠", "marked otherwise than the record"],
  back: ["↶", "mark withdrawn"],
};

function kitStanding(claim) {
  if (claim.mark) return claim.mark.right ? "right" : "other";
  return claim.seen ? "back" : "open";
}

// --- parts of the panel ------------------------------------------------------------------------

function kitClaimBar(view, chosen, choose) {
  const bar = kitElement("nav", "kit-claims");
  bar.setAttribute("aria-label", "Claims");
  const list = kitElement("ol");
  for (const claim of view.claims) {
    const standing = kitStanding(claim);
    const [sign, words] = KIT_STANDINGS[standing];
    const button = kitButton(`${claim.number}${sign ? ` ${sign}` : ""}`, `kit-claim kit-claim-${standing}`);
    button.setAttribute("aria-label", `Claim ${claim.number}, ${words}`);
    button.title = words;
    if (claim.id === chosen) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => choose(claim.id));
    const item = kitElement("li");
    item.append(button);
    list.append(item);
  }
  bar.append(list);
  return bar;
}

function kitClaimHead(claim, view) {
  const box = kitElement("div", "kit-claim-head");
  box.append(kitHeading(3, `Claim ${claim.number} · paragraph ${claim.paragraph} of the article`));
  box.append(kitElement("blockquote", "kit-claim-text", claim.text));
  box.append(kitElement("p", "kit-muted", "In our words, not the newspaper's."));
  return box;
}

function kitSourceList(sources) {
  const list = kitElement("ul");
  for (const source of sources) {
    const item = kitElement("li");
    if (/^https?:\/\//.test(source.url)) {
      const link = kitElement("a", "", source.title);
      Object.assign(link, { href: source.url, target: "_blank", rel: "noopener noreferrer" });
      item.append(link);
    } else item.append(source.title);
    item.append(` (${[source.publisher, source.date].filter(Boolean).join(", ")})`);
    list.append(item);
  }
  return list;
}

function kitOpenEvidence(claim, cards, open, remember) {
  const box = kitElement("details", "kit-bearing");
  const known = claim.evidence.filter((id) => cards[id]).length;
  const what = known ? `${known} from the record and ${claim.sources.length} sources` : `${claim.sources.length} sources`;
  box.open = open;
  box.addEventListener("toggle", () => remember(box.open));
  box.append(kitElement("summary", "", `Open the evidence: ${what}`));
  kitAppend(box, kitEvidence(claim.evidence, cards, "In the record"));
  box.append(kitElement("p", "kit-muted kit-sources-title", "Sources that the check used"), kitSourceList(claim.sources));
  return box;
}

function kitSure(uid, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "How sure are you that this is the record's verdict too?");
  const line = kitElement("div", "kit-row");
  const range = kitElement("input");
  Object.assign(range, { type: "range", id: `${uid}-sure`, min: 0, max: 100, step: 5 });
  range.value = draft.sure ?? 50;
  const told = kitElement("output");
  told.htmlFor.add(range.id);
  const say = () => {
    const text = draft.sure === undefined ? "not stated" : `${draft.sure} %`;
    told.textContent = text;
    range.setAttribute("aria-valuetext", text);
  };
  const set = () => {
    keep({ sure: Number(range.value) });
    say();
  };
  range.addEventListener("input", set);
  range.addEventListener("click", set); // on the middle, where it stands, nothing is input
  range.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); set(); }
  });
  const hint = kitElement("p", "kit-muted", "Blind guessing among four verdicts is right 25 % of the time.");
  hint.id = `${uid}-hint`;
  range.setAttribute("aria-describedby", hint.id);
  label.htmlFor = range.id;
  line.append(kitElement("span", "kit-muted", "0 %"), range, kitElement("span", "kit-muted", "100 %"), told);
  box.append(label, line, hint);
  say();
  return box;
}

function kitWhy(uid, draft, keep) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "Why? One sentence, if you like");
  const area = kitElement("textarea");
  Object.assign(area, { id: `${uid}-note`, rows: 2, maxLength: 2000, value: draft.note ?? "" });
  area.dir = "auto";
  label.htmlFor = area.id;
  area.addEventListener("input", () => keep({ note: area.value }));
  box.append(label, area);
  return box;
}

function kitMarkForm(claim, view, uid, draft, send, keep) {
  const form = kitElement("form", "kit-decide");
  const set = kitElement("fieldset", "kit-verdicts");
  const legend = kitElement("legend", "kit-question", "Your verdict on this claim");
  set.append(legend);
  view.verdicts.forEach((verdict, index) => {
    const card = kitElement("label", "kit-option");
    const input = kitElement("input");
    Object.assign(input, { type: "radio", name: `${uid}-verdict`, value: verdict.id });
    input.checked = draft.verdict === verdict.id;
    input.setAttribute("aria-describedby", `${uid}-v${index}`);
    input.setAttribute("aria-label", verdict.label);
    input.addEventListener("change", () => keep({ verdict: verdict.id }));
    const words = kitElement("span", "kit-option-words");
    const meaning = kitElement("span", "kit-tradeoff", verdict.meaning);
    meaning.id = `${uid}-v${index}`;
    words.append(kitElement("span", "kit-option-text", verdict.label), meaning);
    card.append(input, words);
    set.append(card);
  });
  const hint = kitElement("p", "kit-form-message");
  hint.setAttribute("role", "alert");
  const commit = kitButton("Commit, then see the verdict", "kit-primary");
  commit.type = "submit";
  const row = kitElement("div", "kit-row");
  row.append(commit, kitElement("span", "kit-muted", "A committed mark does not change."));
  form.append(set, kitSure(uid, draft, keep), kitWhy(uid, draft, keep), hint, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!draft.verdict) {
      hint.textContent = "Choose one of the four verdicts first.";
      set.querySelector("input").focus();
      return;
    }
    if (draft.sure === undefined) {
      hint.textContent = "Say how sure you are first: move the slider.";
      form.querySelector("input[type=range]").focus();
      return;
    }
    hint.textContent = "";
    commit.disabled = true; // one click, one mark; the answer draws the claim anew
    send({ kind: "mark", claim: claim.id, verdict: draft.verdict, sure: draft.sure, note: draft.note ?? "" });
  });
  return form;
}

function kitRecordSays(claim) {
  const box = kitElement("div", "kit-record-says");
  box.append(kitElement("p", "kit-muted", "The record says"), kitElement("p", "kit-verdict", claim.seen.label));
  box.append(kitElement("p", "kit-prose", claim.seen.finding));
  return box;
}

function kitRevealed(claim, next, send) {
  const box = kitElement("section", `kit-reveal kit-reveal-${kitStanding(claim)}`);
  const { label, sure, note, right, counts } = claim.mark;
  const words = right ? "✓ You and the record agree" : "≠ You and the record differ";
  box.append(kitHeading(4, words, "kit-outcome"));
  const mine = kitElement("div", "kit-last");
  mine.append(kitElement("p", "kit-muted", "You said"), kitElement("p", "kit-verdict", `${label}, ${sure} % sure`));
  if (note) {
    const why = kitElement("p", "", note);
    why.dir = "auto";
    mine.append(why);
  }
  if (!counts) mine.append(kitElement("p", "kit-muted", "Made after the verdict had been seen: kept, but not counted."));
  box.append(mine, kitRecordSays(claim));
  const row = kitElement("div", "kit-row");
  if (next) row.append(next);
  const back = kitButton("Withdraw this mark", "kit-quiet");
  back.addEventListener("click", () => { back.disabled = true; send({ kind: "withdraw", claim: claim.id }); });
  row.append(back, kitElement("span", "kit-muted", "The log keeps the mark and the withdrawal, and the score says so."));
  box.append(row);
  return box;
}

function kitSeenBefore(claim) {
  const box = kitElement("div", "kit-news");
  box.append(kitElement("p", "", "You withdrew your mark after seeing the verdict. You may mark the claim again; the new mark is kept, but does not count."));
  const again = kitElement("details");
  again.append(kitElement("summary", "", "The verdict you have seen"), kitRecordSays(claim));
  box.append(again);
  return box;
}

// --- the panel ---------------------------------------------------------------------------------------

function render({ model, el }) {
  const uid = `kit-trial-${(kitTrials += 1)}`;
  const send = (message) => model.send(message);
  const root = kitElement("section", "kit-root kit-exercise kit-trial");
  kitOwnKeys(root);
  root.setAttribute("aria-label", "The article on trial");
  const head = kitElement("header");
  const error = kitElement("p", "kit-error");
  error.setAttribute("role", "alert");
  const live = kitElement("p", "kit-hidden");
  live.setAttribute("role", "status");
  const nav = kitElement("div");
  const body = kitElement("div", "kit-claim-body");
  const score = kitElement("section", "kit-score");
  score.setAttribute("aria-label", "Your score so far");
  const foot = kitElement("div", "kit-row kit-foot");
  root.append(head, error, live, nav, body, score, foot);
  el.append(root);

  const memory = { claim: null, drafts: {}, timers: {}, open: false, seq: null, chart: null, path: null };

  const claimOf = (view) => view.claims.find((claim) => claim.id === memory.claim);
  const nextOpen = (view) => {
    const from = view.claims.findIndex((claim) => claim.id === memory.claim);
    const ring = [...view.claims.slice(from + 1), ...view.claims.slice(0, from + 1)];
    return ring.find((claim) => kitStanding(claim) === "open") ?? null;
  };

  function choose(id) {
    memory.claim = id;
    const view = model.get("view");
    drawNav(view);
    drawClaim(view);
    body.querySelector("h3").focus();
  }

  function keep(claim, part) {
    const draft = (memory.drafts[claim] ??= {});
    Object.assign(draft, part);
    clearTimeout(memory.timers[claim]);
    memory.timers[claim] = setTimeout(() => send({ kind: "draft", claim, draft: { ...draft } }), 600);
  }

  function drawHead(view) {
    const line = kitElement("div", "kit-title-row");
    const done = view.claims.filter((claim) => claim.mark).length;
    line.append(kitElement("h2", "", view.title), kitElement("span", "kit-muted", `${done} of ${view.claims.length} claims marked`));
    head.replaceChildren(line);
    const set = kitElement("div", "kit-paths");
    set.setAttribute("role", "group");
    set.setAttribute("aria-label", "Which claims");
    for (const path of view.paths) {
      const button = kitButton(path.label);
      button.setAttribute("aria-pressed", String(path.id === view.path));
      button.addEventListener("click", () => path.id !== model.get("view").path && send({ kind: "path", path: path.id }));
      set.append(button);
    }
    head.append(set);
    if (view.warning) head.append(kitElement("p", "kit-notice", view.warning));
  }

  function drawNav(view) {
    const held = nav.contains(document.activeElement);
    nav.replaceChildren(kitClaimBar(view, memory.claim, choose));
    if (held) nav.querySelector("[aria-current]")?.focus();
  }

  function drawClaim(view) {
    const claim = claimOf(view);
    const parts = [kitClaimHead(claim, view), kitOpenEvidence(claim, model.get("cards"), memory.open, (open) => { memory.open = open; })];
    if (claim.mark) {
      const following = nextOpen(view);
      const next = kitButton(following ? "Next claim" : "See your score", "kit-primary");
      next.addEventListener("click", () => {
        if (following) choose(following.id);
        else score.querySelector("h3")?.focus();
      });
      parts.splice(1, 0, kitRevealed(claim, next, send));
    } else {
      if (claim.seen) parts.push(kitSeenBefore(claim));
      const draft = (memory.drafts[claim.id] ??= { ...claim.draft });
      parts.push(kitMarkForm(claim, view, uid, draft, send, (part) => keep(claim.id, part)));
    }
    body.replaceChildren(...parts);
  }

  function drawScore(view) {
    const { lines, chart } = view.score;
    score.hidden = !chart && lines.length < 2;
    if (!memory.chart) {
      memory.chart = { words: kitElement("div"), box: kitElement("details", "kit-calibration") };
      memory.chart.box.append(kitElement("summary", "", "How sure, and how often right: the chart"));
      memory.chart.plot = kitChart(memory.chart.box, model, { announce: false });
      score.replaceChildren(memory.chart.words, memory.chart.box);
    }
    const list = kitElement("div");
    lines.forEach((line, index) => list.append(kitElement("p", index ? "" : "kit-strong kit-prose", line)));
    memory.chart.words.replaceChildren(kitHeading(3, "Your score so far"), list);
    memory.chart.box.hidden = !chart;
    if (chart) memory.chart.plot.update(chart);
    const finished = view.claims.every((claim) => claim.mark);
    if (finished && !memory.finished) memory.chart.box.open = true;
    memory.finished = finished;
  }

  function drawFoot(view) {
    const file = kitButton("Download my log", "kit-quiet");
    file.addEventListener("click", () => send({ kind: "file" }));
    const saved = view.saved ? `Saved after every mark in ${view.saved}.` : "These marks are not saved to a file.";
    foot.replaceChildren(kitElement("span", "kit-muted", saved), file);
  }

  function update() {
    const view = model.get("view");
    const before = memory.seq;
    if (memory.path !== view.path || !claimOf(view)) {
      if (!claimOf(view)) memory.claim = (view.claims.find((c) => kitStanding(c) === "open") ?? view.claims[0]).id;
      memory.path = view.path;
    }
    const acted = before !== null && view.seq > before;
    memory.seq = view.seq;
    const claim = claimOf(view);
    if (acted) {
      for (const done of view.claims) {
        if (!done.mark) continue;
        clearTimeout(memory.timers[done.id]);
        delete memory.drafts[done.id];
      }
    }
    drawHead(view);
    drawNav(view);
    drawClaim(view);
    drawScore(view);
    drawFoot(view);
    if (!acted) return;
    const told = claim.mark ? `${claim.mark.right ? "You and the record agree" : "You and the record differ"}. The record says: ${claim.seen.label}.` : "Mark withdrawn.";
    live.textContent = `${told} ${view.score.lines[0]}`;
    (body.querySelector(".kit-outcome") ?? body.querySelector("h3")).focus();
  }

  let planned = false;
  const plan = () => {
    if (planned) return; // one message changes view and cards: draw once
    planned = true;
    queueMicrotask(() => {
      planned = false;
      update();
    });
  };

  function refused() {
    error.textContent = model.get("error");
    error.hidden = !error.textContent;
    if (!error.hidden) for (const button of body.querySelectorAll("button:disabled")) button.disabled = false;
  }

  const receive = (message) => kitSaveFile(message, (text) => { live.textContent = text; });

  model.on("change:view", plan);
  model.on("change:cards", plan);
  model.on("change:error", refused);
  model.on("msg:custom", receive);
  update();
  refused();
  return () => {
    model.off("change:view", plan);
    model.off("change:cards", plan);
    model.off("change:error", refused);
    model.off("msg:custom", receive);
    for (const timer of Object.values(memory.timers)) clearTimeout(timer);
    memory.chart?.plot.destroy();
    root.remove();
  };
}

export default { render };
