// The facilitator's clock of a move: starts, pauses, goes on, and says politely what is left. No sound.
// plot.js stands above it in the same module.
//
//   kitClock(send, announce)  -> {box, update(view), destroy()}
//   The clock is {move, left, ends}: seconds left when it was last set, and the time at which it
//   ends in milliseconds since 1970, or null while it stands still. It is kept in the draft.

const KIT_TOLD = [
  [300, "5 minutes are left in this move."],
  [60, "1 minute is left in this move."],
  [0, "The time of this move is up. Decide when you are ready."],
];

function kitClock(send, announce) {
  const box = kitElement("div", "kit-clock");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Clock of this move");
  const face = kitElement("span", "kit-clock-face");
  face.setAttribute("role", "timer");
  const words = kitElement("span", "kit-muted");
  const run = kitButton("Start the clock");
  const again = kitButton("Set back", "kit-quiet");
  box.append(face, words, run, again);
  let clock = null;
  let whole = 0;
  let before = Infinity;
  let beat = 0;

  const left = () => (clock.ends === null ? clock.left : Math.max(0, (clock.ends - Date.now()) / 1000));
  function keep() {
    before = left();
    send({ kind: "clock", clock });
    draw();
  }
  function draw() {
    const now = left();
    const shown = Math.ceil(now);
    face.textContent = `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
    const running = clock.ends !== null && now > 0;
    const begun = now < whole;
    words.textContent = now <= 0 ? "time is up" : `of ${whole / 60} minutes${running || !begun ? "" : ", paused"}`;
    run.textContent = running ? "Pause the clock" : begun ? "Resume the clock" : "Start the clock";
    run.hidden = now <= 0;
    again.hidden = !begun;
    box.classList.toggle("kit-late", now <= 60);
    for (const [mark, said] of KIT_TOLD) if (running || now <= 0) if (before > mark && now <= mark) announce(said);
    before = now;
    if (running && !beat) beat = setInterval(draw, 250);
    if (!running && beat) {
      clearInterval(beat);
      beat = 0;
    }
  }
  run.addEventListener("click", () => {
    const rest = left();
    clock = clock.ends === null ? { ...clock, ends: Date.now() + rest * 1000 } : { ...clock, left: rest, ends: null };
    keep();
  });
  again.addEventListener("click", () => {
    clock = { ...clock, left: whole, ends: null };
    keep();
    run.focus();
  });
  return {
    box,
    update(view) {
      box.hidden = !view.move_id;
      if (box.hidden) {
        clearInterval(beat);
        beat = 0;
        return;
      }
      whole = view.minutes * 60;
      const kept = view.draft?.clock;
      const same = clock?.move === view.move_id;
      if (kept?.move === view.move_id) clock = { ...kept };
      else if (!same || view.fresh) clock = { move: view.move_id, left: whole, ends: null };
      if (!same) before = left();
      draw();
    },
    destroy: () => clearInterval(beat),
  };
}
