/* Optional. Saves the section while it is being answered; without it, the buttons do the same. */
(() => {
  "use strict";
  // Both versions were shown and one was chosen: this browser's own copy has nothing more to say.
  const deciding = document.querySelector("form[data-decides]");
  if (deciding) {
    const settle = () => { if (navigator.onLine) try { localStorage.removeItem(`brouillon.${deciding.dataset.decides}`); } catch { /* not allowed */ } };
    deciding.addEventListener("submit", settle);
    deciding.querySelector("a").addEventListener("click", settle);
  }

  const form = document.querySelector("form[data-draft]");
  const state = document.querySelector("[data-autosave]");
  if (!form || !state) return;
  const PAUSE = 20000, RETRY = 30000, SOON = 400, PATIENCE = 20000, LARGEST = 60000;
  // Question keys name the fields: form.action or form.elements could be one of them.
  const place = `brouillon.${form.getAttribute("data-draft")}`;
  const own = (name) => form.querySelector(`[name="${name}"]`);
  const words = state.querySelector("span");
  const pressed = []; // buttons pressed while a save was on its way
  const touched = new Set(); // questions changed since the last save left
  let timer = 0, keeping = 0, running = null, again = false, stopped = false, leaving = false, free = false;
  let edits = 0, known = 0; // changes so far, and how many of them the server has
  let lost = null; // what was sent and never answered: the server may have it or not
  const unsaved = () => edits !== known || lost !== null;

  const say = (sentence, failed) => {
    words.textContent = sentence;
    state.classList.toggle("save--failed", Boolean(failed));
    state.querySelector("svg")?.toggleAttribute("hidden", Boolean(failed));
    if (!failed) alarm.remove();
  };
  // What became of a button pressed, said beside it: the state may be out of sight.
  const alarm = document.createElement("p");
  alarm.className = "save save--failed"; alarm.setAttribute("role", "alert");
  const warn = () => { form.querySelector(".actions").before(alarm); alarm.textContent = words.textContent; };

  const typed = (extra) => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return extra ? [...fields, extra] : fields;
  };

  // This browser's own copy, for as long as the server has not taken it.
  const keep = () => {
    clearTimeout(keeping); keeping = 0;
    const secret = ([name]) => name !== "csrf_token";
    try { localStorage.setItem(place, JSON.stringify({ fields: typed().filter(secret), lost: lost && [...lost].filter(secret) })); return true; } catch { return false; }
  };
  const forget = () => { clearTimeout(keeping); keeping = 0; try { localStorage.removeItem(place); } catch { /* not allowed */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } };

  const later = (wait) => { clearTimeout(timer); if (!stopped) timer = setTimeout(() => save(), wait); };
  const post = (body, more) => fetch(location.pathname, { method: "POST", body, headers: { Accept: "application/json" }, ...more });

  // Answers true when it is saved, false when nobody answered, nothing when it was refused.
  function save(extra) {
    if (stopped) return Promise.resolve();
    if (running) { if (extra) pressed.push(extra); else again = true; return running; }
    if (lost && extra) { pressed.push(extra); extra = null; }
    clearTimeout(timer);
    running = send(extra).finally(() => {
      running = null;
      if (lost || stopped) return;
      if (pressed.length) save(pressed.shift());
      else if (again) { again = false; later(SOON); }
      else if (edits !== known) later(PAUSE);
    });
    return running;
  }
  async function send(extra) {
    const body = lost || new URLSearchParams(typed(extra)), upTo = lost ? known : edits;
    if (!lost) touched.clear();
    let answer, said;
    try {
      for (const last of [false, true]) {
        body.set("csrf_token", own("csrf_token").value);
        answer = await post(body, { signal: AbortSignal.timeout?.(PATIENCE) });
        said = await answer.json();
        if (answer.ok || !said.csrf_token || last) break;
        own("csrf_token").value = said.csrf_token;
      }
    } catch { lost = body; known = upTo; unreachable(); return false; }
    const more = lost !== null && edits !== known; // what was typed after what was lost follows at once
    lost = null;
    if (answer.ok) { known = upTo; taken(said, more); return more ? send() : true; }
    refused(answer.status, said.error);
  }
  function taken(said, more) {
    own("_revision").value = said.revision;
    own("_base").value = base(said);
    if (!unsaved()) forget();
    if (!more) say(said.saved);
    show(said);
  }
  // A question that is being changed keeps its mark: what somebody else saved in it is still to be seen.
  function base(said) {
    const keys = own("_questions").value.split(" "), before = own("_base").value.split(" ");
    return said.base.split(" ").map((mark, place) => (touched.has(keys[place]) && keys[place] in said.html ? before[place] : mark)).join(" ");
  }
  function unreachable() {
    later(RETRY);
    say(keep() ? "Non enregistré, gardé sur cet appareil. Nouvelle tentative dans 30 s" : "Non enregistré, ne fermez pas cette page. Nouvelle tentative dans 30 s", true);
  }
  function refused(status, sentence) {
    known = -1; keep();
    stopped = status !== 422 && status < 500 && status !== 429;
    say(sentence || "Non enregistré. Utilisez le bouton Enregistrer", true);
    if (!stopped) later(RETRY);
  }

  // What the answers show and hide.
  function show(said) {
    const hidden = new Set(said.hidden);
    for (const question of form.querySelectorAll(".q[id]")) question.hidden = hidden.has(question.id.slice(2));
    for (const [key, html] of Object.entries(said.html)) if (!touched.has(key)) redraw(document.getElementById(`q-${key}`), html);
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
  const changed = (event) => {
    const first = !unsaved(), question = event.target.closest(".q[id]");
    edits += 1;
    if (question) touched.add(question.id.slice(2));
    if (!keeping) keeping = setTimeout(keep, SOON);
    if (first && !running) later(PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.type !== "file") { changed(event); if (!lost) later(SOON); } });
  form.addEventListener("focusout", () => { if (unsaved() && !lost) later(SOON); });
  addEventListener("online", () => { if (unsaved()) later(SOON); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("pagehide", () => {
    if (!unsaved()) return;
    const body = new URLSearchParams(typed());
    const small = String(body).length < LARGEST;
    if (!lost && !stopped && small) { post(body, { keepalive: true }).catch(() => {}); lost = body; }
    keep();
  });

  // A button or a link waits for what is typed to be taken: off line, neither leads anywhere.
  async function before(go) {
    if (leaving) return;
    leaving = true; clearTimeout(timer);
    say("Enregistrement en cours");
    let done = await (running || save());
    for (let turn = 0; done && unsaved() && turn < 3; turn += 1) done = await save();
    leaving = false;
    if (done === false) warn(); else go(done);
  }
  // A question drawn again has new buttons.
  const fresh = (button) => [...form.querySelectorAll("button")].find((b) => b === button || (b.name === button?.name && b.value === button?.value && !button.isConnected));
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (free || stopped) { clearTimeout(timer); if (unsaved()) keep(); return; }
    if (button?.name.endsWith(".move")) { event.preventDefault(); edits += 1; save([button.name, button.value]); return; }
    if (!unsaved()) return;
    event.preventDefault();
    before(() => { free = true; form.requestSubmit(fresh(button) || null); });
  });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !unsaved() || stopped || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    before((done) => { if (done) location.assign(link.href); else { free = true; form.requestSubmit(); } });
  });

  // Words that the server never took, typed on this device before.
  const left = kept();
  if (left?.fields) {
    const values = new Set(left.fields.map(([name, value]) => `${name}\n${value}`));
    const was = (name) => left.fields.find((field) => field[0] === name)?.[1];
    if (was("_questions") !== own("_questions").value) own("_base").value = "";
    for (const field of form.querySelectorAll("input, select, textarea")) {
      if (!field.name || field.type === "file") continue;
      const mine = was(field.name);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.has(`${field.name}\n${field.value}`);
      else if (mine !== undefined && (field.type !== "hidden" || field.name === "_revision" || (field.name === "_base" && field.value))) field.value = mine;
    }
    if (left.lost) { lost = new URLSearchParams(left.lost); own("_questions").value.split(" ").forEach((key) => touched.add(key)); }
    edits += 1; save();
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
