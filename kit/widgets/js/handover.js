// The screen between two governments that take turns: nothing private is here.
// plot.js and parts.js stand above it in the same module.
//
//   kitHandOver(next, send)       -> a button that closes what is private and goes to the screen below
//   kitHandoverScreen(view, send) -> whose turn it is, and a button to sit down

function kitHandOver(next, send) {
  const button = kitButton(`Hand over to ${next.name}`);
  button.addEventListener("click", () => send({ kind: "handover" }));
  return button;
}

function kitHandoverScreen(view, send) {
  const box = kitElement("div", "kit-handover");
  box.append(kitHeading(3, `Hand over to ${view.next.name}`));
  box.append(kitElement("p", "kit-prose", `Only ${view.next.name} looks now. Everybody else: please look away.`));
  if (view.next.office) box.append(kitElement("p", "kit-muted", view.next.office));
  const sit = kitButton(`I speak for ${view.next.name}: open my messages`, "kit-primary");
  sit.addEventListener("click", () => {
    sit.disabled = true;
    send({ kind: "seat", role: view.next.id });
  });
  box.append(sit);
  return box;
}

// What stands in the tabs of a government whose turn is over.
function kitTurnOver(view, send) {
  const box = kitElement("div");
  box.append(kitHeading(3, `${view.next.name} decides next`));
  box.append(kitElement("p", "kit-prose", `You have decided for now. Look at the outcomes as long as you like, then hand the screen over to ${view.next.name}.`));
  const go = kitHandOver(view.next, send);
  go.classList.add("kit-primary");
  box.append(go);
  return box;
}
