// Search over all papers as one types: first what the catalogues hold, then the abstracts.
"use strict";
(() => {
  const root = document.documentElement.dataset.root;
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const main = document.getElementById("main");
  const status = results.querySelector("[role=status]");
  const list = results.querySelector("ol");
  const more = document.getElementById("more");
  const newest = document.getElementById("newest");
  const onlyStarred = document.getElementById("only-starred");
  const AT_ONCE = 30;
  //: Quarters of a year whose abstracts are read without being asked for.
  const QUARTERS = 5;
  const here = new URL(root || "./", location.href);

  // ----- The files
  const unpacked = async (name) => {
    const answer = await fetch(new URL(`search/${name}`, here));
    if (!answer.ok) throw new Error(`Search could not read search/${name}: ${answer.status}.`);
    const data = new Uint8Array(await answer.arrayBuffer());
    // Some servers unpack it on the way.
    if (data[0] !== 0x1f || data[1] !== 0x8b) return JSON.parse(new TextDecoder().decode(data));
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let papers = []; // newest day first
  let index;
  let older = []; // quarters whose abstracts are not read
  const begin = async () => {
    if (location.protocol === "file:")
      throw new Error(
        "Search needs a web server: opened as a file, a page may not read the index. " +
          "`digest site --serve` shows these pages with their search.",
      );
    const answer = await fetch(new URL("search/index.json", here));
    if (!answer.ok) throw new Error(`Search could not read search/index.json: ${answer.status}.`);
    const { catalogues, texts } = await answer.json();
    if (!catalogues.length) throw new Error("There is no paper yet.");
    older = texts.map(({ name }) => name);
    for (const { name } of catalogues)
      for (const [day, lines] of await unpacked(`${name}.json.gz`))
        for (const [id, title, authors, categories, keywords, topics, html] of lines)
          papers.push({
            id, title, authors, categories, keywords, topics, html, day, text: "",
            in: {
              title: fold(title), author: fold(authors.join("; ")), category: fold(categories.join(" ")),
              keyword: fold(keywords.join("; ")), topic: fold(topics.join("; ")), text: "",
            },
          });
  };
  const readTexts = async (number) => {
    const byId = new Map(papers.map((paper) => [paper.id, paper]));
    for (const name of older.splice(0, number)) {
      for (const [id, text] of Object.entries(await unpacked(`${name}.json.gz`))) {
        const paper = byId.get(id);
        if (!paper) continue;
        paper.text = text;
        paper.in.text = fold(text);
      }
      if (query.value.trim()) search();
    }
  };

  // ----- The question: words, "phrases", ids, days, and author: category: topic: keyword: title: on:
  const FIELDS = {
    author: "author", au: "author", category: "category", cat: "category", topic: "topic",
    keyword: "keyword", key: "keyword", title: "title", ti: "title", on: "day", date: "day", day: "day", id: "id",
  };
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // A word counts from its beginning: `quant` finds `quantized`.
  const pattern = (words) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${escaped(fold(words)).replace(/[\s-]+/g, "[\\s-]+")}`, "u");
  const terms = (text) =>
    [...text.matchAll(/(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)]
      .map(([, name, phrase, word]) => {
        const field = Object.hasOwn(FIELDS, (name ?? "").toLowerCase()) ? FIELDS[name.toLowerCase()] : "";
        const words = (phrase ?? word).trim();
        const all = field || !name ? words : `${name}:${words}`;
        return { field, words: all, pattern: all && pattern(all) };
      })
      .filter(({ words }) => /[\p{L}\p{N}]/u.test(words));
  const ID = /^(?:arxiv:)?((?:\d{4}\.\d{3,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{5,7}))(?:v\d+)?$/i;
  const DAY = /^\d{4}-\d\d(?:-\d\d)?$/;
  const isId = (paper, words) => {
    const found = ID.exec(words);
    return Boolean(found && paper.id.toLowerCase().startsWith(found[1].toLowerCase()));
  };
  const points = (paper, { field, words, pattern }) => {
    if (field === "day") return paper.day.startsWith(words) ? 1 : 0;
    if (field === "id") return paper.id.startsWith(words) ? 1 : 0;
    if (field === "category")
      return paper.in.category.split(" ").some((each) => each === fold(words) || each.startsWith(`${fold(words)}.`)) ? 1 : 0;
    if (field) return pattern.test(paper.in[field]) ? 1 : 0;
    if (isId(paper, words)) return 100;
    if (DAY.test(words) && paper.day.startsWith(words)) return 50;
    if (paper.in.category.split(" ").includes(fold(words))) return 4;
    return (
      (pattern.test(paper.in.title) && 8) ||
      (pattern.test(paper.in.author) && 6) ||
      (pattern.test(paper.in.keyword) && 4) ||
      (pattern.test(paper.in.topic) && 3) ||
      (pattern.test(paper.in.text) && 2) ||
      0
    );
  };
  const find = (text) => {
    const asked = terms(text);
    if (!asked.length) return [];
    const whole = asked.length > 1 && pattern(asked.map(({ words }) => words).join(" "));
    const found = [];
    for (const [place, paper] of papers.entries()) {
      let sum = 0;
      for (const term of asked) {
        const got = points(paper, term);
        if (!got) {
          sum = 0;
          break;
        }
        sum += got;
      }
      if (!sum || (onlyStarred.checked && !marks.get(paper.id).star)) continue;
      if (whole && whole.test(paper.in.title)) sum += 20;
      found.push({ paper, sum, place });
    }
    // Of equal ones the newer first.
    return found
      .sort((one, other) => (newest.checked ? 0 : other.sum - one.sum) || one.place - other.place)
      .map(({ paper }) => paper);
  };

  // ----- What is shown
  const marked = (text, asked) => {
    const pieces = document.createDocumentFragment();
    const words = asked.map(({ words }) => escaped(words).replace(/[\s-]+/g, "[\\s-]+"));
    const all = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu");
    let at = 0;
    for (const match of words.length ? text.matchAll(all) : []) {
      pieces.append(text.slice(at, match.index));
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      pieces.append(mark);
      at = match.index + match[0].length;
    }
    pieces.append(text.slice(at));
    return pieces;
  };
  const excerpt = (paper, asked) => {
    const at = Math.min(...asked.map(({ pattern }) => paper.in.text.search(pattern)).filter((place) => place >= 0));
    if (!Number.isFinite(at)) return paper.text.slice(0, 200) + (paper.text.length > 200 ? " …" : "");
    const start = at < 80 ? 0 : paper.text.indexOf(" ", at - 80) + 1;
    const end = paper.text.indexOf(" ", start + 220);
    return (start ? "… " : "") + (end < 0 ? paper.text.slice(start) : `${paper.text.slice(start, end)} …`);
  };
  const brief = (names) =>
    names.length <= 3 ? names.join(", ") : `${names[0]}, ${names[1]} … ${names.at(-1)} (${names.length})`;
  const item = (paper, asked) => {
    const line = document.createElement("li");
    line.dataset.id = paper.id;
    const title = document.createElement("h2");
    const link = document.createElement("a");
    // A title with formulas is made with the pages; all else is text.
    if (paper.html) link.append(...new DOMParser().parseFromString(paper.html, "text/html").body.childNodes);
    else link.append(marked(paper.title, asked));
    link.dir = "auto";
    link.href = `${root}day/${paper.day}.html#${paper.id}`;
    title.append(link);
    const by = document.createElement("p");
    by.className = "by";
    by.dir = "auto";
    by.textContent = `${paper.day} · ${paper.id} · ${paper.categories.join(" ")} · ${brief(paper.authors)}`;
    const words = document.createElement("p");
    words.dir = "auto";
    words.append(marked(excerpt(paper, asked), asked));
    const star = document.createElement("button");
    star.type = "button";
    star.className = "star";
    star.textContent = "Star";
    star.setAttribute("aria-label", `Star: ${paper.title}`);
    star.setAttribute("aria-pressed", String(marks.get(paper.id).star));
    star.addEventListener("click", () => {
      const value = !marks.get(paper.id).star;
      const { title, authors, categories } = paper;
      marks.set([[paper.id, { star: value }, { day: paper.day, about: { title, authors, category: categories[0] ?? "" } }]]);
      star.setAttribute("aria-pressed", String(value));
    });
    line.append(title, by, words, star);
    return line;
  };

  let found = [];
  let limit = AT_ONCE;
  const show = (text) => {
    status.textContent = text;
    results.hidden = false;
    main.hidden = true;
  };
  const close = () => {
    results.hidden = true;
    main.hidden = false;
    list.replaceChildren();
  };
  const draw = () => {
    const asked = terms(query.value);
    const focused = document.activeElement?.closest?.("#results li")?.dataset.id;
    list.replaceChildren(...found.slice(0, limit).map((paper) => item(paper, asked)));
    if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
    more.hidden = found.length <= limit && !older.length;
    more.textContent = found.length > limit ? "Show more" : "Search older abstracts, too";
  };
  const keepInAddress = (words) => {
    const address = new URL(location.href);
    if (words) address.searchParams.set("q", words);
    else address.searchParams.delete("q");
    try {
      // One step back leaves the search, however much was typed.
      const isIn = new URL(location.href).searchParams.has("q");
      history[isIn || !words ? "replaceState" : "pushState"](null, "", address);
    } catch {
      // pages of a folder have no address of their own
    }
  };
  let turn = 0;
  let reading;
  const search = async () => {
    const words = query.value.trim();
    const mine = ++turn;
    if (!words) return close();
    try {
      index ??= begin();
      await index;
      if (mine !== turn) return;
      found = find(words);
      const number = found.length === 1 ? "1 paper" : `${found.length.toLocaleString("en")} papers`;
      show(number + (reading === "done" ? "" : ", reading abstracts …"));
      draw();
      if (!reading) {
        reading = "now";
        await readTexts(QUARTERS);
        reading = "done";
        if (query.value.trim()) search();
      }
    } catch (error) {
      index = reading = undefined;
      papers = [];
      list.replaceChildren();
      more.hidden = true;
      if (mine === turn) show(error.message);
    }
  };
  let typed;
  query.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      limit = AT_ONCE;
      keepInAddress(query.value.trim());
      search();
    }, 120);
  });
  const leave = () => {
    clearTimeout(typed);
    query.value = "";
    turn++;
    keepInAddress("");
    close();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.focus();
  });
  for (const box of [newest, onlyStarred]) box.addEventListener("change", search);
  more.addEventListener("click", async () => {
    if (found.length > limit) {
      limit += AT_ONCE;
      draw();
    } else {
      status.textContent = "Reading older abstracts …";
      await readTexts(older.length);
      search();
    }
  });
  // Arrows go through the results, Enter opens one, Escape gives the page back.
  const step = (by) => {
    const links = [...list.querySelectorAll("h2 a")];
    const at = links.indexOf(document.activeElement?.closest("li")?.querySelector("h2 a"));
    if (at + by < 0) query.focus();
    else (links[at + by] ?? links.at(-1))?.focus();
  };
  for (const place of [query, results])
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        leave();
        query.blur();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      }
    });
  // A result on this very page.
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || link.href.replace(/[?#].*/, "") !== location.href.replace(/[?#].*/, "")) return;
    event.preventDefault();
    leave();
    if (location.hash === link.hash) dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = link.hash;
  });
  const fromAddress = () => {
    const words = new URLSearchParams(location.search).get("q") ?? "";
    if (words === query.value.trim()) return;
    query.value = words;
    search();
  };
  addEventListener("popstate", fromAddress);
  fromAddress();
  if (query.value && results.hidden) search(); // what a browser kept when the reader comes back
})();
