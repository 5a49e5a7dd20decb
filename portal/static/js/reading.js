/* Reading a chapter: a section that was on screen long enough is recorded as read. Without this it is marked by hand. */
(() => {
  "use strict";

  const EVERY = 500; // milliseconds between two looks
  const AFTER_A_FAULT = 15000;

  const watched = new Set();
  const onScreenFor = new WeakMap();
  const seenToTheEnd = new WeakSet();
  let sending = null;
  let notBefore = 0;
  let last = performance.now();

  const formIn = (section) => section.querySelector("[data-seconds]");

  /* Half of a section is on screen, or it fills half of the screen. */
  const isOnScreen = (section) => {
    const { top, bottom, height } = section.getBoundingClientRect();
    return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight) / 2;
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) watched.add(entry.target);
      else watched.delete(entry.target);
    }
  });

  const leave = (section) => {
    near.unobserve(section);
    watched.delete(section);
  };

  /* One at a time, so that what is said of the whole chapter arrives in the order in which it came about. */
  const send = (form) => {
    sending = form;
    htmx.ajax("POST", form.getAttribute("action"), { source: form, values: { way: "seen" } });
  };

  const look = () => {
    const now = performance.now();
    /* A computer that slept was not read. */
    const passed = Math.min(now - last, 2 * EVERY);
    last = now;
    if (document.visibilityState !== "visible") return;
    for (const section of [...watched]) {
      const form = formIn(section);
      if (!form) {
        leave(section);
        continue;
      }
      if (!isOnScreen(section)) continue;
      onScreenFor.set(section, (onScreenFor.get(section) ?? 0) + passed);
      if (form.getBoundingClientRect().top < innerHeight) seenToTheEnd.add(section);
      const isRead = seenToTheEnd.has(section) && onScreenFor.get(section) >= 1000 * Number(form.dataset.seconds);
      if (isRead && !sending && now >= notBefore) send(form);
    }
  };

  for (const form of document.querySelectorAll("[data-seconds]")) near.observe(form.closest(".section"));
  setInterval(look, EVERY);

  /* What was read is said where it stands; a button that had the focus hands it on. */
  let hadFocus = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig.elt;
    if (!form.matches("[data-seconds]")) return;
    const { responsePath, finalRequestPath } = event.detail.pathInfo;
    hadFocus = form.contains(document.activeElement);
    /* Whoever was signed out gets the sign-in page in place of an answer: that is not put into the page. */
    if (!responsePath || responsePath === finalRequestPath) return;
    event.detail.shouldSwap = false;
    failed(form, "You are signed out, so this is not recorded. Load this page again.", true);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt;
    if (!row.matches("[data-section-read]")) return;
    sending = null;
    const count = document.querySelector(".chapter-reading-count label, .chapter-reading-done");
    document.querySelector("[data-reading-status]").textContent = count?.textContent.trim() ?? "";
    if (!hadFocus) return;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  });

  const failed = (form, sentence, isForGood) => {
    if (sending === form) sending = null;
    if (isForGood) leave(form.closest(".section"));
    notBefore = performance.now() + AFTER_A_FAULT;
    form.querySelector("[data-fault]").textContent = sentence;
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      const form = event.detail.requestConfig?.elt ?? event.detail.elt;
      if (!form.matches("[data-seconds]")) return;
      const status = event.detail.xhr?.status ?? 0;
      if (status >= 400) failed(form, "This could not be recorded. Load this page again, then mark the section as read.", true);
      /* What is sent by itself is sent again by itself. */
      else failed(form, sending === form ? "" : "No connection, so this is not recorded. Press the button again when it is back.", false);
    });
  }
})();
