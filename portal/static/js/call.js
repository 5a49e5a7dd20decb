/* The screen of a call: results while typing, chosen by keys, opened beside the list. Without this it is a form and links.
   The field and the list are a combobox with a listbox, as the ARIA Authoring Practices Guide has it. */
(() => {
  "use strict";

  const call = document.querySelector("[data-call]");
  const field = call.querySelector("[data-search]");
  const day = call.querySelector("[data-day]");
  const results = document.getElementById("results");
  const panel = document.getElementById("panel");
  const all = call.querySelector("[data-all]");
  const answersUrl = call.dataset.answersUrl;
  const narrow = window.matchMedia("(width < 64em)");
  const start = { title: document.title };
  let active = -1;

  call.querySelector("[data-keys]").hidden = false;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "results");

  const options = () => [...results.querySelectorAll("[role=option]")];

  const activate = (number) => {
    const found = options();
    active = found.length ? Math.max(-1, Math.min(number, found.length - 1)) : -1;
    found.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", found[active].id);
      found[active].scrollIntoView({ block: "nearest" });
    }
  };

  /* A list of links becomes a listbox: an option has nothing in it to tab to. */
  const dress = () => {
    const list = results.querySelector("#hits");
    field.setAttribute("aria-expanded", String(Boolean(list && list.children.length)));
    if (list && list.children.length) {
      list.setAttribute("role", "listbox");
      for (const hit of list.querySelectorAll("[data-hit]")) {
        const link = hit.querySelector("a");
        const title = document.createElement("span");
        title.className = link.className;
        title.lang = link.lang;
        title.textContent = link.textContent;
        hit.dataset.href = link.getAttribute("href");
        hit.setAttribute("role", "option");
        link.replaceWith(title);
      }
    }
    if (all) all.hidden = Boolean(field.value.trim()) || Boolean(panel.children.length);
    activate(-1);
  };

  const address = (parameters) => {
    const found = new URL(answersUrl, location);
    for (const [name, value] of Object.entries({ ...parameters, on: day.value })) if (value) found.searchParams.set(name, value);
    return found;
  };

  const load = (url) => htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });

  const open = async (option) => {
    if (!option) return;
    if (!option.dataset.page) {
      kept = field.value.trim();
      location.assign(option.dataset.href);
      return;
    }
    kept = field.value.trim();
    for (const other of options()) other.classList.toggle("hit-open", other === option);
    history.pushState({ open: option.dataset.page }, "", address({ q: field.value.trim(), open: option.dataset.page }));
    await load(option.dataset.href ?? option.getAttribute("href"));
    const title = panel.querySelector("[data-panel-title]");
    if (title) {
      document.title = panel.querySelector("[data-panel]").dataset.title;
      title.focus({ preventScroll: true });
      if (narrow.matches) panel.scrollIntoView({ block: "start" });
    }
  };

  /* A question of which nothing was opened is kept too, once it is over; what is still being typed is not. */
  let kept = field.value.trim();
  const keep = () => {
    const asked = field.value.trim();
    if (!asked || asked === kept) return;
    kept = asked;
    const found = results.querySelector("[data-found]")?.dataset.found ?? "0";
    fetch(`${answersUrl}asked/?${new URLSearchParams({ q: asked, found, on: day.value })}`, { keepalive: true });
  };
  addEventListener("pagehide", keep);

  const clear = () => {
    keep();
    kept = "";
    field.value = "";
    day.value = "";
    day.closest("details").open = false;
    panel.replaceChildren();
    document.title = start.title;
    history.pushState({}, "", answersUrl);
    htmx.ajax("GET", `${answersUrl}suggest/?q=`, { target: "#results", swap: "innerHTML" });
    field.focus();
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === results) dress();
  });

  field.addEventListener("input", () => {
    const found = address({ q: field.value.trim(), open: panel.children.length ? new URL(location).searchParams.get("open") : "" });
    history.replaceState(history.state, "", found);
  });

  /* What is open is of the day before this one was chosen. */
  day.addEventListener("change", () => {
    panel.replaceChildren();
    document.title = start.title;
    history.replaceState(history.state, "", address({ q: field.value.trim() }));
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") activate(active + 1);
    else if (event.key === "ArrowUp") activate(active - 1);
    else if (event.key === "Enter" && options().length) open(options()[Math.max(active, 0)]);
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      clear();
    }
  });

  results.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option], [data-open]");
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(chosen);
  });

  /* Back and forward: what was asked and what was open then. */
  addEventListener("popstate", () => location.reload());

  dress();
  if (panel.children.length) panel.querySelector("[data-panel-title]").focus({ preventScroll: true });
})();
