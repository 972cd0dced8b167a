// Going through papers: the current one is the one that is seen; keys and buttons act on it.
"use strict";
(() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, values = {}, ...content) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...content);
    return element;
  };
  const id = (paper) => paper.dataset.paper;
  const titleOf = (paper) => $(".title", paper).textContent.trim();
  const dayOf = (paper) => paper.dataset.day ?? $("[data-day]")?.dataset.day ?? "";
  const entries = new Map($$("[data-entry]").map((entry) => [entry.dataset.entry, entry]));
  const entryOf = (paper) => entries.get(id(paper));
  const form = $("#filter");
  const toc = $("#toc");
  let papers = [];
  let current = null;

  // ----- What was done is said, and can be undone
  const done = [];
  let quiet;
  const say = (text, canUndo = false) => {
    const said = $("#said");
    $("p", said).textContent = text;
    $("button", said).hidden = !canUndo;
    said.classList.add("shown");
    clearTimeout(quiet);
    quiet = setTimeout(() => said.classList.remove("shown"), 8000);
  };
  document.addEventListener("said", (event) => say(event.detail));
  const shortened = (text) => (text.length > 60 ? text.slice(0, 59) + "…" : text);
  const change = (changed, text) => {
    const before = changed.map(([paper, values]) => {
      const mark = marks.get(id(paper));
      return [id(paper), Object.fromEntries(Object.keys(values).map((name) => [name, mark[name]]))];
    });
    done.push({ before, first: changed[0]?.[0], text });
    marks.set(
      changed.map(([paper, values]) => [
        id(paper),
        values,
        { day: dayOf(paper), about: values.star || values.note ? cite.of(paper) : undefined },
      ]),
    );
    say(text, true);
    for (const [paper, values] of changed)
      if ((values.star || values.note) && !$(".Z3988", paper))
        cite.fetched(paper, $(".title a", paper)).then((about) => about && marks.set([[id(paper), {}, { about }]]));
  };
  const undo = () => {
    const last = done.pop();
    if (!last) return say("There is nothing to undo on this page.");
    marks.set(last.before);
    filter();
    if (last.first) go(last.first);
    say(`Undone: ${last.text}`, done.length > 0);
  };

  // ----- How each paper is shown
  const FLAGS = [["star", "Star"], ["read", "Read"], ["dislike", "Not for me"]];
  const dress = (paper) => {
    const title = titleOf(paper);
    const button = (act, text, more = {}) => {
      const made = make("button", { type: "button", className: act, textContent: text, ...more });
      made.dataset.act = act;
      made.setAttribute("aria-label", `${text}: ${title}`);
      return made;
    };
    const buttons = FLAGS.map(([name, text]) => button(name, text));
    if (paper.matches(".paper"))
      buttons.push(button("note", "Note"), button("bibtex", "Copy BibTeX"), button("link", "Copy link"));
    $(".marks", paper).append(...buttons);
    const brief = $(".brief", paper);
    if (brief) {
      const abstract = button("abstract", "Abstract");
      abstract.setAttribute("aria-expanded", "false");
      brief.before(abstract);
    }
    show(paper);
  };
  const show = (paper) => {
    const mark = marks.get(id(paper));
    for (const [name] of FLAGS)
      $(`.marks .${name}`, paper)?.setAttribute("aria-pressed", String(mark[name]));
    const isDone = marks.isDone(id(paper));
    for (const one of [paper, entryOf(paper)]) {
      one?.classList.toggle("is-read", isDone);
      one?.classList.toggle("is-starred", mark.star);
    }
    let note = $(".note-text", paper);
    if (mark.note && !note) {
      note = make("p", { className: "note-text", dir: "auto" });
      $(".marks", paper).before(note);
    }
    if (note) note.textContent = mark.note ? `Note: ${mark.note}` : "";
    if (note) note.hidden = !mark.note;
  };
  document.addEventListener("marked", (event) => {
    const changed = new Set(event.detail);
    for (const paper of papers) if (changed.has(id(paper))) show(paper);
    stand();
  });

  // ----- Where one stands
  const shown = () => papers.filter((paper) => !paper.hidden);
  const stand = () => {
    if (current) {
      const mark = marks.get(id(current));
      for (const [name] of FLAGS)
        $(`.thumb [data-act="${name}"]`)?.setAttribute("aria-pressed", String(mark[name]));
    }
    if (!$("#at")) return;
    const all = shown();
    // Parts of the day that are not here yet count, too.
    const more = isWhole() ? Number($("#done").dataset.more ?? 0) : 0;
    const over = all.filter((paper) => marks.isDone(id(paper))).length;
    const place = all.indexOf(current) + 1;
    $("#at").textContent = place || (all.length ? "–" : "0");
    $("#of").textContent = all.length + more;
    $("#left").textContent = all.length + more - over;
    $("#done").max = Math.max(1, all.length + more);
    $("#done").value = over;
    $("#none").hidden = all.length > 0;
  };

  // ----- The current paper: chosen by an observer of what is seen, or by a key
  const visible = new Map();
  const isSeen = (paper) => {
    const entry = visible.get(paper);
    if (!entry || paper.hidden) return false;
    return entry.seen >= Math.min(entry.height * 0.5, innerHeight * 0.4);
  };
  const choose = () => {
    if (current && isSeen(current)) return;
    const found = papers.find(isSeen) ?? papers.find((paper) => visible.get(paper)?.seen > 0 && !paper.hidden);
    if (found) take(found);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRect, boundingClientRect } of entries)
        if (intersectionRect.height)
          visible.set(target, { seen: intersectionRect.height, height: boundingClientRect.height });
        else visible.delete(target);
      choose();
    },
    { threshold: Array.from({ length: 21 }, (_, step) => step / 20), rootMargin: "-48px 0px 0px 0px" },
  );
  const take = (paper) => {
    if (paper === current) return;
    for (const one of current ? [current, entryOf(current)] : []) {
      one?.classList.remove("current");
      one?.removeAttribute("aria-current");
    }
    current = paper;
    const entry = entryOf(paper);
    for (const one of [paper, entry]) {
      one?.classList.add("current");
      one?.setAttribute("aria-current", "true");
    }
    // The contents follow, and nothing else scrolls.
    if (entry && toc.offsetParent && toc.scrollHeight > toc.clientHeight) {
      const at = entry.offsetTop - toc.offsetTop;
      if (at < toc.scrollTop + 40 || at > toc.scrollTop + toc.clientHeight - 60)
        toc.scrollTop = at - toc.clientHeight / 3;
    }
    stand();
  };
  const go = (paper) => {
    take(paper);
    paper.focus({ preventScroll: true });
    paper.scrollIntoView({ block: "start", behavior: "instant" });
    // What the observer will say of it: it is where it was put.
    const { height } = paper.getBoundingClientRect();
    visible.set(paper, { seen: height, height });
  };
  const beside = (step, from = current) => {
    const at = papers.indexOf(from);
    const others = step > 0 ? papers.slice(at + 1) : papers.slice(0, Math.max(at, 0)).reverse();
    return others.find((paper) => !paper.hidden);
  };
  const move = (step, from = current) => {
    const next = beside(step, from);
    if (next) return go(next);
    const part = step > 0 && $(".parts a:not([hidden])");
    if (part && $(".parts").dataset.parts !== undefined) return part.click();
    if (current && !current.hidden) go(current);
    else if (shown().length) go(step > 0 ? shown().at(-1) : shown()[0]);
    if (!done.length || step < 0) say(step > 0 ? "This is the last paper." : "This is the first paper.");
  };
  document.addEventListener("focusin", (event) => {
    const paper = event.target.closest("main [data-paper]");
    if (paper && paper !== current) take(paper);
  });

  // ----- Filters, whose state is in the address
  const wanted = () => (form ? Object.fromEntries([...new FormData(form)].filter(([, value]) => value)) : {});
  const isWhole = () => !Object.keys(wanted()).length;
  const has = (paper, name, value) => (paper.dataset[name] ?? "").split(" ").includes(value);
  const fits = (paper, { topic, keyword, category, show, score }) => {
    const mark = marks.get(id(paper));
    return (
      (!topic || has(paper, "topics", topic)) &&
      (!keyword || has(paper, "keywords", keyword)) &&
      (!category || has(paper, "categories", category)) &&
      // A paper that the model was not asked about is not less relevant for that.
      (!score || !paper.dataset.score || Number(paper.dataset.score) >= Number(score)) &&
      (!show || { starred: mark.star, noted: Boolean(mark.note), unread: !marks.isDone(id(paper)) }[show])
    );
  };
  const filter = () => {
    if (!form) return;
    const values = wanted();
    for (const paper of papers) {
      paper.hidden = !fits(paper, values);
      const entry = entryOf(paper);
      if (entry) entry.hidden = paper.hidden;
    }
    // A heading of nothing is no heading.
    for (const heading of $$("h2.topic")) {
      let next = heading.nextElementSibling;
      while (next && !next.matches("h2.topic") && !(next.matches("[data-paper]") && !next.hidden))
        next = next.nextElementSibling;
      heading.hidden = !next?.matches("[data-paper]");
    }
    for (const section of $$("main section")) {
      const inside = $$("[data-paper]", section);
      if (inside.length && section.closest(".column")) section.hidden = inside.every((paper) => paper.hidden);
    }
    stand();
  };
  const keepInAddress = () => {
    const query = new URLSearchParams(wanted()).toString();
    try {
      history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
    } catch {
      // pages of a folder have no address of their own
    }
  };
  const clear = () => {
    form.reset();
    keepInAddress();
    filter();
    choose();
  };
  if (form) {
    const asked = new URLSearchParams(location.search);
    for (const select of form.elements)
      if ([...select.options].some((option) => option.value === asked.get(select.name)))
        select.value = asked.get(select.name);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      keepInAddress();
      filter();
      if (current?.hidden) current = null;
      choose();
    });
  }

  // ----- Dialogs
  const dialog = (name, label, ...content) => {
    const made = make("dialog", { id: name }, ...content);
    made.setAttribute("aria-label", label);
    document.body.append(made);
    made.addEventListener("click", (event) => event.target === made && made.close());
    return made;
  };
  const KEYS = [
    ["j k", "next and previous paper"],
    ["e", "read, and the next paper"],
    ["x", "not for me, and the next paper"],
    ["s", "star"],
    ["r", "read or not read"],
    ["u", "undo"],
    ["n", "a note"],
    ["a", "abstract in the compact view"],
    ["o Enter", "the paper at arXiv"],
    ["p", "its PDF"],
    ["b", "copy BibTeX"],
    ["l", "copy the link"],
    ["c", "compact or full view"],
    ["A", "all shown papers read"],
    ["[ ]", "the day before and after"],
    ["/", "search"],
    ["?", "this help"],
  ];
  const help = () => {
    let found = $("#help");
    if (!found) {
      const rows = KEYS.map(([keys, text]) =>
        make("tr", {}, make("th", { scope: "row" }, ...keys.split(" ").map((key) => make("kbd", { textContent: key }))), make("td", { textContent: text })),
      );
      const close = make("button", { type: "button", textContent: "Close", onclick: () => $("#help").close() });
      found = dialog("help", "Keys", make("h2", { textContent: "Keys" }), make("table", {}, make("tbody", {}, ...rows)), close);
    }
    found.showModal();
  };
  const note = (paper) => {
    let found = $("#noting");
    if (!found) {
      const text = make("textarea", { id: "note", rows: 5, maxLength: 10000, dir: "auto" });
      const keep = make("button", { type: "button", className: "keep", textContent: "Keep" });
      const cancel = make("button", { type: "button", textContent: "Cancel", onclick: () => found.close() });
      found = dialog("noting", "Note", make("label", { htmlFor: "note" }), text, make("p", {}, keep, " ", cancel));
      text.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep.click();
      });
    }
    $("label", found).textContent = `Note on “${titleOf(paper)}”`;
    const text = $("textarea", found);
    text.value = marks.get(id(paper)).note;
    $(".keep", found).onclick = () => {
      found.close();
      const value = text.value.trim();
      if (value !== marks.get(id(paper)).note)
        change([[paper, { note: value }]], value ? "Note kept" : "Note removed");
      paper.focus({ preventScroll: true });
    };
    found.showModal();
  };
  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const place = make("textarea", { value: text, className: "unseen" });
      document.body.append(place);
      place.select();
      document.execCommand("copy");
      place.remove();
    }
    say(`Copied: ${what}`);
  };

  // ----- What can be done
  const open = (address) => window.open(address, "_blank", "noopener");
  const toggle = (paper, name, [on, off]) => {
    const value = !marks.get(id(paper))[name];
    change([[paper, { [name]: value }]], `${value ? on : off}: ${shortened(titleOf(paper))}`);
  };
  const andNext = (paper, values, text) => {
    const next = beside(1, paper);
    change([[paper, values]], `${text}: ${shortened(titleOf(paper))}`);
    filter();
    if (next) go(next);
    else move(1, paper);
  };
  const compact = () => {
    const is = root.classList.toggle("compact");
    try {
      localStorage.setItem("view", is ? "compact" : "full");
    } catch {
      // then it lasts as long as the page
    }
    dressView();
    if (current) go(current);
    say(is ? "Compact view" : "Full view");
  };
  const dressView = () =>
    $('[data-act="compact"]')?.setAttribute("aria-pressed", String(root.classList.contains("compact")));
  const abstract = (paper) => {
    if (!$("p.abstract", paper)) return say("The abstract is on the page of the day.");
    const is = paper.classList.toggle("open");
    $("button.abstract", paper)?.setAttribute("aria-expanded", String(is));
    scrollable(paper);
  };
  const all = () => {
    const left = shown().filter((paper) => !marks.isDone(id(paper)));
    if (!left.length) return say("All papers are read.");
    change(
      left.map((paper) => [paper, { read: true }]),
      left.length === 1 ? "1 paper read" : `${left.length} papers read`,
    );
    filter();
  };
  const day = (rel) => {
    const link = $(`main a[rel="${rel}"]`);
    if (link) link.click();
    else say(rel === "prev" ? "There is no earlier page." : "There is no later page.");
  };
  const pageOf = (paper) =>
    location.protocol === "file:" || !paper.id
      ? `https://arxiv.org/abs/${id(paper)}`
      : `${location.origin}${location.pathname}#${paper.id}`;
  // Those of a paper are given the paper.
  const ofPaper = {
    star: (paper) => toggle(paper, "star", ["Starred", "Star removed"]),
    read: (paper) => toggle(paper, "read", ["Read", "Not read"]),
    dislike: (paper) =>
      marks.get(id(paper)).dislike
        ? toggle(paper, "dislike", ["", "For me again"])
        : andNext(paper, { dislike: true }, "Not for me"),
    done: (paper) => andNext(paper, { read: true }, "Read"),
    note,
    abstract,
    arxiv: (paper) => open($('[data-to="arxiv"]', paper)?.href ?? `https://arxiv.org/abs/${id(paper)}`),
    pdf: (paper) => open($('[data-to="pdf"]', paper)?.href ?? `https://arxiv.org/pdf/${id(paper)}`),
    bibtex: (paper) => copy(cite.bibtex([id(paper), cite.of(paper)]), "BibTeX"),
    link: (paper) => copy(pageOf(paper), "link"),
  };
  const acts = {
    next: () => move(1),
    previous: () => move(-1),
    undo,
    help,
    compact,
    all,
    clear,
    earlier: () => day("prev"),
    later: () => day("next"),
    search: () => $("#query").focus(),
  };
  // A key may come before the observer does.
  const inSight = () =>
    papers.find((paper) => {
      const { top, bottom, height } = paper.getBoundingClientRect();
      return height && bottom > 60 && top < innerHeight;
    });
  const act = (name, paper = current) => {
    if (!current && inSight()) {
      take(inSight());
      paper ??= current;
    }
    if (Object.hasOwn(acts, name)) return acts[name]();
    if (!paper || paper.hidden || !paper.offsetParent) return say("There is no paper in sight.");
    ofPaper[name](paper);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) return act(button.dataset.act, button.closest("[data-paper]") ?? current);
    const link = event.target.closest("#toc a");
    if (link) {
      toc.matches(":popover-open") && toc.hidePopover();
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target?.matches("[data-paper]")) {
        event.preventDefault();
        history.replaceState === undefined || (location.hash = link.hash);
        go(target);
      }
      return;
    }
    // In the compact view a tap on a paper opens it.
    const paper = event.target.closest(".paper");
    if (paper && root.classList.contains("compact") && !event.target.closest("a, button, summary, .abstract")) {
      take(paper);
      if (!String(getSelection())) abstract(paper);
    }
  });

  const keys = {
    j: "next", k: "previous", e: "done", x: "dislike", s: "star", r: "read", u: "undo", n: "note",
    a: "abstract", o: "arxiv", Enter: "arxiv", p: "pdf", b: "bibtex", l: "link", c: "compact", A: "all",
    "[": "earlier", "]": "later", "/": "search", "?": "help",
  };
  document.addEventListener("keydown", (event) => {
    const place = event.target.closest?.("input, select, textarea, [contenteditable], dialog");
    if (place || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    if ($("#main").hidden && event.key !== "/" && event.key !== "?") return;
    event.preventDefault();
    act(keys[event.key]);
  });

  // ----- Formulas wider than the screen scroll, and only these are Tab stops
  const scrollable = (within) => {
    const found = $$(".broad", within).map((each) => [each, each.scrollWidth > each.clientWidth + 1]);
    for (const [each, is] of found)
      if (is) {
        each.tabIndex = 0;
        each.setAttribute("role", "group");
        each.setAttribute("aria-label", "Formula");
      } else if (each.hasAttribute("tabindex")) for (const name of ["tabindex", "role", "aria-label"]) each.removeAttribute(name);
  };
  document.addEventListener("toggle", (event) => scrollable(event.target), true);
  // Paper by paper while nothing else is to be done: each has to be laid out for it.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 10 })));
  let waiting = [];
  const checkSome = (deadline) => {
    while (waiting.length && deadline.timeRemaining() > 4) scrollable(waiting.shift());
    if (waiting.length) idle(checkSome);
  };
  const checkAll = () => {
    if (!waiting.length) idle(checkSome);
    waiting = [...papers, ...$$("#toc, .column > ol")];
  };
  let resized;
  addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(checkAll, 300);
  });

  // ----- The page, and the parts of a day that come later
  const begin = (new_) => {
    papers = $$("main [data-paper]");
    for (const paper of new_) {
      dress(paper);
      observer.observe(paper);
    }
    filter();
  };
  const target = () => {
    const found = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    return found && found.matches("[data-paper]") ? found : null;
  };
  const fetchParts = async () => {
    const nav = $(".parts[data-parts]");
    if (!nav || location.protocol === "file:") return;
    const asked = location.hash && !target();
    for (const part of nav.dataset.parts.split(" ")) {
      const answer = await fetch(new URL(part, location.href));
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = $$(".papers > h2.topic, .papers > article", page);
      const heading = $$("h2.topic").at(-1)?.textContent;
      if (found[0]?.matches("h2") && found[0].textContent === heading) found.shift();
      const articles = found.filter((each) => each.matches("article"));
      for (const article of articles) {
        const entry = entryOf(article);
        entry?.removeAttribute("id");
        entry?.querySelector("a")?.setAttribute("href", `#${article.id}`);
      }
      $("#done").dataset.more = Number($("#done").dataset.more) - articles.length;
      nav.before(...found.map((each) => document.importNode(each, true)));
      begin($$(".papers > article").slice(-articles.length));
    }
    nav.remove();
    checkAll();
    stand();
    if (asked && target()) go(target());
  };
  const total = Number($("#of")?.textContent ?? 0);
  const first = $$("main [data-paper]");
  if ($("#done")) {
    const later = $$(".parts a").length && $(".parts").dataset.parts !== undefined;
    $("#done").dataset.more = later ? total - first.length : 0;
  }
  begin(first);
  dressView();
  if (target()) take(target());
  fetchParts().catch(() => say("The other parts of this day could not be read; links at the end lead to them."));
  addEventListener("hashchange", () => {
    const paper = target();
    if (!paper) return;
    // A link from elsewhere leads to its paper, whatever was chosen here.
    if (paper.hidden) clear();
    go(paper);
  });
  checkAll();
})();
