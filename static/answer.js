/* Optional. Saves the section while it is being answered; without it, the buttons do the same. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  const state = document.querySelector("[data-autosave]");
  if (!form || !state) return;
  const PAUSE = 20000, RETRY = 30000, SOON = 400;
  // Question keys name the fields: form.action or form.elements could be one of them.
  const place = `brouillon.${form.getAttribute("data-draft")}`;
  const own = (name) => form.querySelector(`[name="${name}"]`);
  const words = state.querySelector("span");
  const pressed = []; // buttons pressed while a save was on its way
  let timer = 0, sending = false, again = false, unsaved = false, stopped = false;

  const say = (sentence, failed) => {
    words.textContent = sentence;
    state.classList.toggle("save--failed", Boolean(failed));
    state.querySelector("svg")?.toggleAttribute("hidden", Boolean(failed));
  };
  const typed = (extra) => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return extra ? [...fields, extra] : fields;
  };

  // This browser's own copy, for as long as the server has not taken it.
  const keep = () => {
    try { localStorage.setItem(place, JSON.stringify(typed().filter(([name]) => name !== "csrf_token"))); } catch { /* no room, or not allowed */ }
  };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* not allowed */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } };

  const later = (wait) => { clearTimeout(timer); if (!stopped) timer = setTimeout(() => save(), wait); };

  async function save(extra, retried) {
    if (stopped) return false;
    if (sending) { if (extra) pressed.push(extra); else again = true; return false; }
    clearTimeout(timer); sending = true; unsaved = false;
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(typed(extra)), headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (answer.ok) { taken(said); return true; }
      if (said.csrf_token && !retried) { own("csrf_token").value = said.csrf_token; sending = false; return await save(extra, true); }
      refused(answer.status, said.error);
    } catch { unreachable(); } finally {
      sending = false;
      if (pressed.length) save(pressed.shift());
      else if (again) { again = false; later(SOON); }
    }
    return false;
  }
  function taken(said) {
    own("_revision").value = said.revision;
    if (!unsaved) forget();
    say(said.saved);
    show(said);
  }
  function unreachable() {
    unsaved = true; keep(); later(RETRY);
    say("Non enregistré, gardé sur cet appareil. Nouvelle tentative dans 30 s", true);
  }
  function refused(status, sentence) {
    unsaved = true; keep();
    stopped = status !== 422 && status < 500 && status !== 429;
    say(sentence || "Non enregistré. Utilisez le bouton Enregistrer", true);
    if (!stopped) later(RETRY);
  }

  // What the answers show and hide.
  function show(said) {
    const hidden = new Set(said.hidden);
    for (const question of form.querySelectorAll(".q[id]")) question.hidden = hidden.has(question.id.slice(2));
    for (const [key, html] of Object.entries(said.html)) redraw(document.getElementById(`q-${key}`), html);
    const [sentence, value, max] = said.progress;
    const bar = document.querySelector("progress");
    document.getElementById("avancement").textContent = sentence;
    bar.value = value; bar.max = max || 1;
  }
  function redraw(question, html) {
    if (!question) return;
    const had = question.contains(document.activeElement) ? document.activeElement.value : null;
    const fresh = document.createRange().createContextualFragment(html).firstElementChild;
    question.replaceWith(fresh);
    if (had === null) return;
    const value = had.slice(had.indexOf(":") + 1);
    const buttons = [...fresh.querySelectorAll("button:not(:disabled)")];
    (buttons.find((b) => b.value === had) || buttons.find((b) => b.value.endsWith(`:${value}`)) || buttons[0])?.focus();
  }

  // When to save: 20 s after the first change, on leaving a field, on leaving the page.
  form.addEventListener("input", () => { if (!unsaved) { unsaved = true; later(PAUSE); } });
  form.addEventListener("change", (event) => { if (event.target.type !== "file") { unsaved = true; later(SOON); } });
  form.addEventListener("focusout", () => { if (unsaved) later(SOON); });
  addEventListener("online", () => { if (unsaved) later(SOON); });
  addEventListener("pagehide", () => { if (unsaved) keep(); });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.name.endsWith(".move") || stopped) { clearTimeout(timer); unsaved = false; return; }
    event.preventDefault();
    save([button.name, button.value]);
  });

  // Words that the server never took, typed on this device before.
  const left = kept();
  if (left) {
    const values = new Set(left.map(([name, value]) => `${name}\n${value}`));
    for (const field of form.querySelectorAll("input, select, textarea")) {
      if (!field.name || field.type === "file") continue;
      const mine = left.find(([name]) => name === field.name);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.has(`${field.name}\n${field.value}`);
      else if (mine && (field.type !== "hidden" || field.name === "_revision")) field.value = mine[1];
    }
    unsaved = true; save();
  }

  // Who else has this section open, and whether somebody else saved it: asked while the page is seen.
  const others = document.querySelector("[data-here]");
  if (others) {
    const address = others.getAttribute("data-here");
    const newer = document.createElement("p"), saved = document.createElement("strong"), see = document.createElement("a");
    newer.hidden = true; see.href = location.pathname; see.textContent = "Voir et comparer";
    newer.setAttribute("role", "status"); newer.append(saved, " ", see); others.after(newer);
    const signs = (more = []) => new URLSearchParams([["csrf_token", own("csrf_token").value], ["revision", own("_revision").value], ...more]);
    let beat = 0;
    const put = (element, sentence) => { if (element.textContent !== sentence) element.textContent = sentence; };
    const tell = async () => {
      clearTimeout(beat);
      if (document.hidden || stopped) return;
      beat = setTimeout(tell, PAUSE);
      try {
        const answer = await fetch(address, { method: "POST", body: signs(), headers: { Accept: "application/json" } });
        if (!answer.ok) { if (answer.status < 500 && answer.status !== 429) { clearTimeout(beat); beat = 0; } return; }
        const said = await answer.json();
        put(others, said.here); put(saved, said.newer);
        newer.hidden = !said.newer;
      } catch { /* off line: the state of the draft says it */ }
    };
    const leave = () => { if (!beat) return; clearTimeout(beat); beat = 0; navigator.sendBeacon(address, signs([["quitte", "1"]])); };
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else tell(); });
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
    tell();
  }

  // A box to search a long list.
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  function searchable(list) {
    const label = document.createElement("label"), box = document.createElement("input"), place = document.createElement("div");
    box.id = `chercher-${list.parentElement.id}`; box.className = "input input--m"; box.type = "search"; box.autocomplete = "off";
    label.className = "label mt-4"; label.htmlFor = box.id; label.textContent = list.dataset.filter;
    place.append(label, box); list.before(place);
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      const wanted = plain(box.value.trim());
      for (const line of list.children) line.hidden = !plain(line.textContent).includes(wanted) && !line.querySelector(":checked");
    });
    box.addEventListener("change", (event) => event.stopPropagation());
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
  form.querySelectorAll("[data-filter]").forEach(searchable);
})();
