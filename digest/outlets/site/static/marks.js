// Stars, read marks, "not for me" and notes: kept in this browser, and in the workspace where the
// server keeps them. The format is that of marks.json (docs/pages.md).
"use strict";
const marks = (() => {
  const KEY = "arxiv-digest marks 1";
  const OLD_KEY = "arxiv-digest marks";
  const FLAGS = ["star", "read", "dislike"];
  const NAMES = [...FLAGS, "note"];
  const AT_ONCE = 500;
  const root = document.documentElement;
  const ID = /^(?:\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[A-Z]{2})?\/\d{7})$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;
  const DAY = /^\d{4}-\d\d-\d\d$/;

  // What is read may have been written by anybody: only what has this form is taken.
  const valid = (paper) => {
    const found = {};
    for (const name of NAMES) {
      const mark = paper?.[name];
      const type = name === "note" ? "string" : "boolean";
      if (typeof mark?.value === type && TIME.test(mark.at)) found[name] = { value: mark.value, at: mark.at };
    }
    if (DAY.test(paper?.day)) found.day = paper.day;
    const about = paper?.about;
    if (about && typeof about === "object" && typeof about.title === "string") found.about = about;
    return found;
  };
  const oldPaper = (paper) => {
    const found = {};
    for (const [name, key] of [["star", "starred"], ["star", "star"], ["read", "read"]])
      if (typeof paper?.[key] === "string" && TIME.test(paper[key])) found[name] = { value: true, at: paper[key] };
    const day = /^day\/(\d{4}-\d\d-\d\d)\.html/.exec(paper?.page)?.[1];
    if (day) found.day = day;
    if (typeof paper?.title === "string") found.about = { title: paper.title };
    return found;
  };
  const parse = (data) => {
    const papers = data?.papers;
    const entries = Array.isArray(papers)
      ? papers.map((paper) => [paper?.id, oldPaper(paper)])
      : data?.version === 1 && papers && typeof papers === "object"
        ? Object.entries(papers).map(([id, paper]) => [id, valid(paper)])
        : null;
    if (!entries) throw new Error("this file holds no marks of these pages");
    return new Map(entries.filter(([id]) => ID.test(id)));
  };
  const later = (one, other) =>
    one.at > other.at || (one.at === other.at && String(one.value) >= String(other.value)) ? one : other;
  const size = (about) => (about ? Object.keys(about).length : 0);
  const joined = (one = {}, other = {}) => {
    const both = { ...one, ...other };
    for (const name of NAMES) if (one[name] && other[name]) both[name] = later(one[name], other[name]);
    if (size(one.about) > size(other.about)) both.about = one.about;
    return both;
  };
  const written = (papers) => JSON.stringify({ version: 1, papers: Object.fromEntries(papers) });

  let papers = null;
  let keeps = true;
  const load = () => {
    if (papers) return papers;
    papers = new Map();
    try {
      const kept = localStorage.getItem(KEY);
      const old = JSON.parse(localStorage.getItem(OLD_KEY) ?? "null");
      if (kept) papers = parse(JSON.parse(kept));
      else if (old) papers = parse({ papers: Object.entries(old).map(([id, paper]) => ({ ...paper, id })) });
    } catch {
      // a browser that keeps nothing, or something else under this name
    }
    return papers;
  };
  const save = () => {
    try {
      localStorage.setItem(KEY, written(papers));
    } catch {
      if (keeps) say("This browser keeps no marks: its storage is full or switched off.");
      keeps = false;
    }
  };
  const say = (text) => document.dispatchEvent(new CustomEvent("said", { detail: text }));
  const told = (ids) => document.dispatchEvent(new CustomEvent("marked", { detail: ids }));

  const get = (id) => {
    const kept = load().get(id) ?? {};
    const values = Object.fromEntries(NAMES.map((name) => [name, kept[name]?.value || (name === "note" ? "" : false)]));
    return { ...values, at: kept.star?.at ?? "", day: kept.day ?? "", about: kept.about ?? {} };
  };
  const now = (before) => {
    const time = new Date();
    // Later than what was there, even within the same millisecond or after the clock was set back.
    return before && before >= time.toISOString()
      ? new Date(Date.parse(before) + 1).toISOString()
      : time.toISOString();
  };
  // Changes: [[id, {star: true, …}, {day, about}], …]
  const set = (changes) => {
    if (!keeps) load();
    else reload();
    for (const [id, values, { day, about } = {}] of changes) {
      const paper = { ...(papers.get(id) ?? {}) };
      for (const [name, value] of Object.entries(values)) paper[name] = { value, at: now(paper[name]?.at) };
      if (day) paper.day = day;
      if (about && size(about) >= size(paper.about)) paper.about = about;
      papers.set(id, paper);
    }
    save();
    const ids = changes.map(([id]) => id);
    told(ids);
    send(ids);
  };
  // Read anew: the same site may be open in other tabs.
  const reload = () => {
    papers = null;
    load();
  };
  const merge = (other) => {
    reload();
    for (const [id, paper] of other) papers.set(id, joined(papers.get(id), paper));
    save();
    told([...other.keys()]);
  };

  // The server of `digest site --serve` puts a token into each page; no other server does.
  let token = root.dataset.token;
  const address = new URL((root.dataset.root || "./") + "marks.json", location.href);
  const renewed = async () => {
    const page = await (await fetch(location.href.replace(/[?#].*/, ""), { cache: "reload" })).text();
    token = /data-token="([\w-]+)"/.exec(page)?.[1];
  };
  const post = async (ids, again = true) => {
    const body = written(ids.filter((id) => papers.has(id)).map((id) => [id, papers.get(id)]));
    const headers = { "Content-Type": "application/json", "X-Digest-Token": token };
    const answer = await fetch(address, { method: "POST", headers, body });
    if (answer.status === 403 && again) {
      await renewed(); // the server was started anew
      return post(ids, false);
    }
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return parse(await answer.json());
  };
  let sending = Promise.resolve();
  const unsent = (error) =>
    say(`Kept in this browser only, not in the workspace: ${error.message}. The next page tries again.`);
  const send = (ids) => {
    if (!token) return;
    sending = sending.then(async () => {
      try {
        for (let start = 0; start < ids.length; start += AT_ONCE) await post(ids.slice(start, start + AT_ONCE));
      } catch (error) {
        unsent(error);
      }
    });
  };
  const sync = async () => {
    if (!token) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const theirs = parse(await answer.json());
      merge(theirs);
      const same = (one, other) => NAMES.every((name) => one?.[name]?.at === other?.[name]?.at);
      send([...papers].filter(([id, paper]) => !same(paper, theirs.get(id))).map(([id]) => id));
    } catch (error) {
      unsent(error);
    }
  };
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    reload();
    told([...papers.keys()]);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    reload();
    told([...papers.keys()]);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
  addEventListener("DOMContentLoaded", sync);

  return {
    get,
    set,
    merge: (text) => {
      const other = parse(JSON.parse(text));
      merge(other);
      send([...other.keys()]);
      return other.size;
    },
    all: () => load(),
    file: () => written([...load()].sort(([one], [other]) => (one < other ? -1 : 1))) + "\n",
    isDone: (id) => {
      const paper = load().get(id);
      return Boolean(paper?.read?.value || paper?.dislike?.value);
    },
    sent: () => sending,
    inWorkspace: Boolean(token),
  };
})();
