// Parts that the kit's panels share; plot.js stands above it in the same module.
//
//   kitAppend(parent, ...children)       -> parent, with the children that are there
//   kitParagraphs(text, className)       -> text with blank lines as paragraphs
//   kitHeading(level, text, className)   -> a heading that can take focus after an action
//   kitEvidence(ids, cards, label)       -> chips that open sourced cards, or null
//   kitNews(title, items)                -> a titled list, or null
//   kitReport(send)                      -> button that asks for the after-action report
//   kitSaveFile(message, say)            -> saves a file that came in a message {kind: "file", …}

function kitAppend(parent, ...children) {
  parent.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return parent;
}

function kitParagraphs(text, className = "") {
  const box = kitElement("div", className);
  for (const part of String(text).split(/\n\s*\n/)) box.append(kitElement("p", "", part.trim()));
  return box;
}

function kitHeading(level, text, className = "") {
  const heading = kitElement(`h${level}`, className, text);
  heading.tabIndex = -1; // so that focus can move here after an action
  return heading;
}

// --- evidence --------------------------------------------------------------------------------

function kitEvidenceCard(card) {
  const box = kitElement("div", "kit-evidence-card");
  box.append(kitElement("p", "kit-muted", card.date), kitElement("p", "kit-strong", card.title));
  box.append(kitElement("p", "", card.summary));
  const list = kitElement("ul");
  for (const source of card.sources) {
    const item = kitElement("li");
    if (/^https?:\/\//.test(source.url)) {
      const link = kitElement("a", "", source.title);
      link.href = source.url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      item.append(link, ` (${source.publisher})`);
    } else item.textContent = `${source.title} (${source.publisher})`;
    list.append(item);
  }
  box.append(kitElement("p", "kit-muted", "Sources"), list);
  return box;
}

// Chips that open the sourced card of an event or agreement below them, one at a time.
function kitEvidence(ids, cards, label = "Evidence") {
  const known = ids.filter((id) => cards[id]);
  if (!known.length) return null;
  const box = kitElement("div", "kit-evidence");
  const chips = kitElement("div", "kit-chips");
  const place = kitElement("div");
  chips.append(kitElement("span", "kit-muted", `${label}:`));
  for (const id of known) {
    const chip = kitButton(cards[id].title, "kit-chip");
    chip.setAttribute("aria-expanded", "false");
    chip.addEventListener("click", () => {
      const open = chip.getAttribute("aria-expanded") === "true";
      for (const other of chips.querySelectorAll(".kit-chip")) other.setAttribute("aria-expanded", "false");
      chip.setAttribute("aria-expanded", String(!open));
      place.replaceChildren(...(open ? [] : [kitEvidenceCard(cards[id])]));
    });
    chips.append(chip);
  }
  box.append(chips, place);
  return box;
}

function kitNews(title, items) {
  if (!items?.length) return null;
  const box = kitElement("div", "kit-news");
  const list = kitElement("ul");
  for (const item of items) list.append(kitElement("li", "", item));
  box.append(kitElement("p", "kit-strong", title), list);
  return box;
}

function kitReport(send) {
  const button = kitButton("Download the after-action report");
  button.addEventListener("click", () => send({ kind: "report" }));
  return button;
}

function kitSaveFile(message, say) {
  if (message?.kind !== "file") return;
  const url = URL.createObjectURL(new Blob([message.content], { type: message.mime }));
  const link = kitElement("a");
  Object.assign(link, { href: url, download: message.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(`${message.name} was downloaded.`);
}
