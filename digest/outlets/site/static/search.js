// Search over all papers as one types. The index is in one part a month, joined here.
"use strict";
(() => {
  const root = document.documentElement.dataset.root;
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const main = document.getElementById("main");
  const status = results.querySelector("[role=status]");
  const list = results.querySelector("ol");
  const MOST = 30;
  const here = new URL(root || "./", location.href);
  let index;

  const open = async () => {
    if (location.protocol === "file:")
      throw new Error(
        "Search needs a web server: opened as a file, a page may not read the index. " +
          "`digest site --serve` shows these pages with their search.",
      );
    const months = await (await fetch(new URL("search/months.json", here))).json();
    const [newest, ...others] = months;
    if (!newest) throw new Error("There is no paper yet.");
    const engine = await import(new URL(`search/${newest}/pagefind.js`, here));
    await engine.options({ excerptLength: 24 });
    await engine.init();
    for (const month of others)
      await engine.mergeIndex(new URL(`search/${month}/`, here).href);
    return engine;
  };

  // The engine marks the words found and escapes all else; only marks are taken from it.
  const marked = (html) => {
    const pieces = document.createDocumentFragment();
    const text = new DOMParser().parseFromString(html, "text/html").body;
    for (const node of text.childNodes) {
      if (node.nodeName === "MARK") {
        const mark = document.createElement("mark");
        mark.textContent = node.textContent;
        pieces.append(mark);
      } else pieces.append(node.textContent);
    }
    return pieces;
  };
  const item = (found) => {
    const line = document.createElement("li");
    const title = document.createElement("h2");
    const link = document.createElement("a");
    link.textContent = found.meta.title;
    link.dir = "auto";
    if (/^day\/\d{4}-\d\d-\d\d\.html#[\w./-]+$/.test(found.meta.page)) link.href = root + found.meta.page;
    title.append(link);
    const by = document.createElement("p");
    by.className = "by";
    by.dir = "auto";
    by.textContent = `${found.meta.day} · ${found.meta.by}`;
    const words = document.createElement("p");
    words.dir = "auto";
    words.append(marked(found.excerpt));
    line.append(title, by, words);
    return line;
  };

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
  let asked = 0;
  const search = async () => {
    const words = query.value.trim();
    const turn = ++asked;
    if (!words) return close();
    try {
      index ??= open();
      const engine = await index;
      const found = await engine.debouncedSearch(words, {}, 120);
      if (!found || turn !== asked) return;
      const first = await Promise.all(found.results.slice(0, MOST).map((each) => each.data()));
      if (turn !== asked) return;
      list.replaceChildren(...first.map(item));
      const number = found.results.length;
      show(
        (number === 1 ? "1 paper" : `${number} papers`) + (number > MOST ? `, the best ${MOST} of them:` : ""),
      );
    } catch (error) {
      index = undefined;
      list.replaceChildren();
      if (turn === asked) show(error.message);
    }
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", search);
  query.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    query.value = "";
    asked++;
    close();
    query.blur();
  });
  // A result on this very page.
  addEventListener("hashchange", () => {
    if (results.hidden) return;
    query.value = "";
    asked++;
    close();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
  if (query.value) search(); // what a browser kept when the reader comes back
})();
