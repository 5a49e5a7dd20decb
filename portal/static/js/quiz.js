/* Taking a quiz. Without this it is a form that is saved with a button. */
(() => {
  "use strict";

  const sitting = document.querySelector("[data-attempt]");
  const form = document.querySelector("[data-sitting]");

  /* Ordering by buttons; the choices of places stay what is sent. */
  const place = (item) => Number(item.querySelector("select").value) || 0;

  const tellPlaces = (list) => {
    const items = [...list.children];
    items.forEach((item, number) => {
      const [up, down] = item.querySelectorAll(".move");
      const name = item.querySelector("label").textContent.trim();
      const where = place(item) ? `, now ${place(item)} of ${items.length}` : "";
      item.querySelector(".ordering-place").textContent = place(item) ? `${place(item)}.` : "";
      up.setAttribute("aria-label", `Move up: ${name}${where}`);
      down.setAttribute("aria-label", `Move down: ${name}${where}`);
      up.disabled = number === 0;
      down.disabled = number === items.length - 1;
    });
  };

  const moveButton = (list, item, step, sign) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "move";
    button.textContent = sign;
    button.addEventListener("click", () => {
      const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(item);
      else other.after(item);
      [...list.children].forEach((one, number) => { one.querySelector("select").value = String(number + 1); });
      tellPlaces(list);
      (button.disabled ? [...item.querySelectorAll(".move")].find((one) => !one.disabled) : button).focus();
      item.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  };

  const dressOrdering = (root) => {
    for (const list of root.querySelectorAll("[data-ordering]")) {
      const items = [...list.children];
      if (list.dataset.dressed || items.some((item) => item.querySelector("select").disabled)) continue;
      list.dataset.dressed = "yes";
      /* Once answered, the items stand in the order they were given. */
      if (items.some(place)) list.append(...items.sort((one, other) => (place(one) || 99) - (place(other) || 99)));
      for (const item of items) {
        const number = document.createElement("span");
        number.className = "ordering-place";
        number.setAttribute("aria-hidden", "true");
        item.prepend(number);
        item.append(moveButton(list, item, -1, "↑"), moveButton(list, item, 1, "↓"));
        item.querySelector("select").addEventListener("change", () => tellPlaces(list));
      }
      tellPlaces(list);
    }
  };
  document.addEventListener("htmx:load", (event) => dressOrdering(event.detail.elt));

  /* A whole question that is replaced takes the focus with it: it goes to what was said of the answer. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const block = event.detail.elt;
    if (!block.matches("[data-question], .knowledge-check")) return;
    const told = block.querySelector(".outcome, .question-conflict, .question-closed, .usa-error-message");
    if (!told) return;
    told.tabIndex = -1;
    told.focus();
  });

  /* Whoever was signed out gets the sign-in page in place of an answer: that is not put into the page. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { pathInfo } = event.detail;
    if (!pathInfo.responsePath || pathInfo.responsePath === pathInfo.finalRequestPath) return;
    event.detail.shouldSwap = false;
    failed(event.detail.requestConfig.elt, "out");
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => failed(event.detail.elt, event.detail.xhr.status === 403 ? "out" : "cut"));
  }

  const failed = (element, why) => {
    const check = element.closest(".knowledge-check");
    if (check) {
      const note = check.querySelector(".question-unsaved") ?? document.createElement("p");
      note.className = "question-unsaved";
      note.setAttribute("role", "alert");
      check.querySelector(".usa-error-message")?.remove();
      element.append(note);
      note.textContent = why === "out" ? "You are signed out. Load this page again." : "No connection. Try again when it is back.";
    }
    const question = element.closest("[data-question]");
    if (question && form) couldNotSave(question, why);
  };

  if (!sitting || !form) {
    /* The page of the result: nothing of the attempt waits in this browser any more. */
    const handedIn = document.querySelector("[data-handed-in]")?.dataset.handedIn;
    for (const name of Object.keys(localStorage)) {
      if (handedIn && name.startsWith(`quiz:${handedIn}:`)) localStorage.removeItem(name);
    }
    dressOrdering(document);
    return;
  }

  const connection = sitting.querySelector("[data-connection]");
  const missing = form.querySelector("[data-missing]");
  const questions = () => [...form.querySelectorAll("[data-question]")];
  const number = (question) => question.dataset.question;
  const key = (question) => `quiz:${sitting.dataset.attempt}:${number(question)}`;
  /* What could not be sent, by number of the question; why: "cut" off, or signed "out". */
  const unsaved = new Set();
  const sent = new Map();
  let trouble = "";

  /* An answer is kept in this browser from the first key on until it is saved, even if the tab is closed meanwhile. */
  const fields = (question) => [...question.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const isTicked = (field) => field.matches("[type=radio], [type=checkbox]");
  const values = (question) =>
    Object.fromEntries(fields(question).map((field) => [field.id, isTicked(field) ? field.checked : field.value]).sort());
  const seen = (question) => question.querySelector(`[name=seen-${number(question)}]`);
  const isKept = (question) => localStorage.getItem(key(question)) !== null;
  const forget = (question) => localStorage.removeItem(key(question));

  const keep = (question) => {
    localStorage.setItem(key(question), JSON.stringify({ seen: seen(question).value, values: values(question) }));
  };

  const putBack = (question) => {
    if (!isKept(question)) return;
    const kept = JSON.parse(localStorage.getItem(key(question)));
    const own = fields(question);
    if (!seen(question) || own.some((field) => field.disabled || !(field.id in kept.values))) return forget(question);
    for (const field of own) {
      if (isTicked(field)) field.checked = kept.values[field.id];
      else field.value = kept.values[field.id];
    }
    /* As it was then: what another window has saved since is not written over. */
    seen(question).value = kept.seen;
    unsaved.add(number(question));
  };

  const say = (sentence, link) => {
    if (connection.firstChild?.textContent === sentence) return;
    connection.replaceChildren(sentence);
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = location.pathname;
    anchor.textContent = link;
    connection.append(" ", anchor);
  };

  const tell = () => {
    const waiting = `${unsaved.size} answer${unsaved.size === 1 ? " is" : "s are"} kept in this browser`;
    if (!unsaved.size || !trouble) say("");
    else if (trouble === "out") say(`You are signed out. ${waiting}.`, "Sign in and go on");
    else say(`No connection. ${waiting} and saved as soon as it is back.`);
    for (const question of questions()) {
      const isUnsaved = Boolean(trouble) && unsaved.has(number(question));
      const note = question.querySelector(".question-unsaved");
      if (!isUnsaved) note?.remove();
      else if (!note) {
        const line = document.createElement("p");
        line.className = "question-unsaved";
        line.textContent = "Not saved yet";
        question.querySelector("[role=status]")?.append(line);
      }
    }
  };

  const count = () => {
    const all = questions();
    const answered = all.filter((question) => question.dataset.answered === "yes").length;
    sitting.querySelector("[data-progress]").textContent = `${answered} of ${all.length} answered`;
    return all.length - answered;
  };

  const save = (question) => htmx.trigger(question, "change");
  const retry = () => questions().filter((question) => unsaved.has(number(question))).forEach(save);
  const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

  /* Until what is on its way has arrived, three seconds at most. */
  const settled = async () => {
    for (let turn = 0; turn < 60 && form.querySelector(".htmx-request"); turn += 1) await wait(50);
  };

  const isReachable = async () => {
    try {
      return (await fetch(location.pathname, { method: "HEAD", cache: "no-store" })).status < 500;
    } catch {
      return false;
    }
  };

  const couldNotSave = (question, why) => {
    trouble = why;
    unsaved.add(number(question));
    keep(question);
    tell();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const question = event.detail.elt.closest("[data-question]");
    if (question) sent.set(number(question), JSON.stringify(values(question)));
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const question = event.detail.elt.closest("[data-question]");
    if (!question) return;
    const status = question.querySelector("[data-status]");
    if (status) question.dataset.answered = status.dataset.answered;
    const isConflict = status?.dataset.status === "conflict";
    const isEdited = status && sent.get(number(question)) !== JSON.stringify(values(question));
    if (isEdited) question.querySelector(".question-saved")?.remove();
    else if (!isConflict) forget(question);
    unsaved.delete(number(question));
    if (trouble) missing.textContent = "";
    trouble = "";
    tell();
    count();
  });

  let isSure = false;
  const edited = (event) => {
    const question = event.target.closest("[data-question]");
    /* What is sent again is not edited. */
    if (!question || event.target === question) return;
    keep(question);
    question.querySelector(".question-saved")?.remove();
    isSure = false;
    missing.textContent = "";
  };
  form.addEventListener("input", edited);
  form.addEventListener("change", edited);

  /* Enter in a line saves it. Left to itself it would press the first button of the form. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    const question = event.target.closest("[data-question]");
    if (isKept(question)) save(question);
  });

  window.addEventListener("online", retry);
  setInterval(() => { if (trouble === "cut") retry(); }, 5000);

  /* Handing in: once asks about what is missing, and never leaves the page without a connection. */
  form.querySelector("[data-plain-save]").hidden = true;

  const askFirst = () => {
    const conflict = form.querySelector("[data-status=conflict]")?.closest("[data-question]");
    if (conflict) return `Question ${number(conflict)} was answered in another window, too. Choose there what to keep, then hand in.`;
    const left = count();
    if (!left || isSure) return "";
    isSure = true;
    return `${left} question${left > 1 ? "s are" : " is"} not answered. Press “Hand in” again to hand in all the same.`;
  };

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.name !== "hand_in" || button.dataset.going === "yes") return;
    event.preventDefault();
    if (button.dataset.going) return;
    button.dataset.going = "asking";
    missing.textContent = "";
    if (!await isReachable()) missing.textContent = "No connection, so nothing was handed in. Try again when it is back.";
    else {
      retry();
      await settled();
      missing.textContent = askFirst();
    }
    button.dataset.going = missing.textContent ? "" : "yes";
    if (!missing.textContent) form.requestSubmit(button);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reload]");
    if (!link) return;
    event.preventDefault();
    const question = link.closest("[data-question]");
    forget(question);
    history.replaceState(null, "", `#${question.id}`);
    location.reload();
  });

  /* The clock shows what the server keeps. */
  const handInByItself = async () => {
    questions().filter(isKept).forEach(save);
    await settled();
    if (await isReachable()) location.replace(location.pathname);
    else {
      say("The time is up. What was saved by then is handed in; you see the result when the connection is back.");
      setTimeout(handInByItself, 5000);
    }
  };

  if (sitting.dataset.secondsLeft) {
    const clock = sitting.querySelector("[data-clock]");
    const said = sitting.querySelector("[data-clock-said]");
    const end = Date.now() + 1000 * Number(sitting.dataset.secondsLeft);
    const announced = new Set();
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : "Time is up";
      clock.parentElement.classList.toggle("quiz-clock-short", left <= 60);
      for (const mark of [300, 60]) {
        if (left <= mark && left > mark - 5 && !announced.has(mark)) {
          announced.add(mark);
          said.textContent = mark === 60 ? "One minute left" : "Five minutes left";
        }
      }
      if (left) return;
      clearInterval(timer);
      said.textContent = "Time is up";
      /* The server's clock shows whole seconds. */
      setTimeout(handInByItself, 1000);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  questions().forEach(putBack);
  dressOrdering(document);
  document.addEventListener("htmx:load", retry, { once: true });
  count();
})();
