// Takes a play to another machine and back: a file, or a code to type. plot.js and parts.js stand
// above it in the same module.
//
//   kitCarry(uid, typed, act, playing)  -> {box, update(code)}; typed.code keeps what is typed into the
//                                          field, act = {send(message), say(words)};
//                                          say shows a refusal
//   code = {code, words}                   the code, or why there is none

const KIT_LARGEST = 4_000_000; // bytes; no saved play is larger

function kitCarry(uid, typed, act, playing) {
  const box = kitElement("section", "kit-carry");
  const code = kitOwnCode(uid, act);
  if (playing) {
    const file = kitButton("Download this play");
    file.addEventListener("click", () => act.send({ kind: "capsule" }));
    const words = "The file holds everything: decisions, reasons, notes, and what you took back.";
    const row = kitElement("div", "kit-row");
    row.append(file, kitElement("span", "kit-muted", words));
    box.append(kitHeading(4, "Take this play with you"), row, code.box);
  }
  if (playing) box.append(kitHeading(4, "Continue another play here"));
  box.append(kitFromFile(uid, act), kitFromCode(uid, typed, act));
  return { box, update: code.update };
}

function kitOwnCode(uid, act) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "Code of this play");
  const field = kitElement("input", "kit-input kit-code");
  Object.assign(field, { type: "text", id: `${uid}-own-code`, readOnly: true });
  label.htmlFor = field.id;
  field.addEventListener("focus", () => field.select());
  const copy = kitButton("Copy the code");
  const row = kitElement("div", "kit-row");
  row.append(field, copy);
  const words = kitElement("p", "kit-muted");
  const done = kitElement("p", "kit-muted");
  done.setAttribute("role", "status");
  box.append(label, row, words, done);
  copy.addEventListener("click", async () => {
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      done.textContent = "The code was copied.";
    } catch { // no permission, or not a secure page
      done.textContent = "The code is selected: copy it with Ctrl+C, on a Mac with Command+C.";
    }
  });
  return {
    box,
    update({ code, words: why }) {
      field.value = code ?? "";
      copy.disabled = !code;
      const short = "To type on another machine. It carries your decisions and how sure you were, but not your reasons: for those take the file.";
      words.textContent = why || short;
    },
  };
}

function kitFromFile(uid, act) {
  const box = kitElement("div", "kit-field");
  const label = kitElement("label", "", "Continue from a file");
  const field = kitElement("input", "kit-file");
  Object.assign(field, { type: "file", id: `${uid}-file`, accept: ".json,application/json" });
  label.htmlFor = field.id;
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    if (file.size > KIT_LARGEST) act.say(`${file.name} is too large to be a saved play. Nothing was changed.`);
    else {
      try {
        act.send({ kind: "from_file", name: file.name, content: await file.text() });
      } catch {
        act.say(`${file.name} cannot be read. Nothing was changed.`);
      }
    }
    field.value = ""; // so that the same file can be chosen again once it is mended
  });
  box.append(label, field);
  return box;
}

function kitFromCode(uid, typed, act) {
  const form = kitElement("form", "kit-field");
  const label = kitElement("label", "", "Continue from a code");
  const field = kitElement("input", "kit-input kit-code");
  Object.assign(field, { type: "text", id: `${uid}-code`, value: typed.code ?? "", spellcheck: false, autocomplete: "off" });
  label.htmlFor = field.id;
  field.addEventListener("input", () => { typed.code = field.value; });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // JupyterLab stops what Enter does in a form
    form.requestSubmit();
  });
  const go = kitButton("Continue from this code");
  go.type = "submit";
  const row = kitElement("div", "kit-row");
  row.append(field, go);
  form.append(label, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act.send({ kind: "from_code", code: field.value });
  });
  return form;
}
