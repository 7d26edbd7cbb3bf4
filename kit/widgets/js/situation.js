// What a move tells: its day and situation, the injects by channel, the brief, and what is new.
// plot.js and parts.js stand above it in the same module.
//
//   kitSituation(view, go)      -> the Situation tab; go(tab) leads on
//   kitProgress(moves)          -> the moves as a list, done, now and to come
//   kitBriefs(view, memory)     -> the private brief, or where to find it; null when there is none

function kitInject(inject, cards, mark) {
  const box = kitElement("article", `kit-inject kit-channel-${inject.kind}`);
  box.setAttribute("aria-label", `${inject.channel} from ${inject.from}`);
  const head = kitElement("header", "kit-inject-head");
  const route = kitElement("span", "kit-route");
  route.append(kitElement("span", "", `From ${inject.from}`), kitElement("span", "kit-route-to", ` to ${inject.to}`));
  head.append(kitElement("span", "kit-channel", inject.channel), route, kitElement("span", "kit-mark", mark));
  return kitAppend(box, head, kitParagraphs(inject.text, "kit-inject-text"), kitEvidence(inject.evidence, cards));
}

function kitTold(move, view, level) {
  const box = kitElement("div", "kit-told");
  if (move.injects?.length) {
    box.append(kitHeading(level, "What reaches you"));
    for (const inject of move.injects) box.append(kitInject(inject, view.evidence, view.mark));
  }
  return box;
}

function kitBriefs(view, memory) {
  if (view.paper) {
    return kitElement("p", "kit-muted kit-brief", "Briefs are private: each government reads its own on paper, not on this screen.");
  }
  if (!view.briefs?.length) return null;
  const box = kitElement("details", "kit-brief");
  const names = view.briefs.map((brief) => brief.name).join(", ");
  box.append(kitElement("summary", "", `Your brief: ${names}`));
  box.open = memory.brief ?? true;
  box.addEventListener("toggle", () => { memory.brief = box.open; });
  for (const brief of view.briefs) {
    const head = brief.office ? `${brief.name} · ${brief.office}` : brief.name;
    kitAppend(box, kitElement("p", "kit-strong", head), kitParagraphs(brief.brief));
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

// Two columns where there is room: what reaches you, and beside it what you keep in mind, which
// stands first where there is one column, and for those who listen.
function kitColumns(main, ...aside) {
  const box = kitElement("div", "kit-columns");
  const side = kitAppend(kitElement("div", "kit-aside"), ...aside);
  if (side.childNodes.length) box.append(side);
  box.append(main);
  return box;
}

function kitSituation(view, memory, go) {
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
    if (move.situation) box.append(kitParagraphs(move.situation, "kit-prose"));
    const main = kitElement("div");
    main.append(kitTold(move, view, 4));
    const next = kitButton("Go to the decision", "kit-primary kit-next");
    next.addEventListener("click", () => go("decide"));
    main.append(next);
    const since = view.decisions.length ? "What is new" : "Already known";
    box.append(kitColumns(main, kitNews(since, view.news), kitBriefs(view, memory)));
  }
  if (view.earlier.length) {
    const before = kitElement("details", "kit-earlier");
    before.append(kitElement("summary", "", "Earlier moves"));
    for (const past of view.earlier) {
      before.append(kitElement("h4", "", `${past.title} (${past.as_of})`));
      if (past.situation) before.append(kitParagraphs(past.situation, "kit-prose-small"));
      before.append(kitTold(past, view, 5));
    }
    box.append(before);
  }
  return box;
}
