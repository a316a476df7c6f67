// The notebook: clips of articles, kept in this browser alone and downloaded as one file. Pages work without it; its
// words stand in the page (data-… of the element that loads it), and what portals wrote only ever becomes text.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const KEY = "tinhuyen-notebook";

  function clips() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  function keep(all) {
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
      return true;
    } catch {
      return false; // full, or forbidden: the button goes on saying that nothing is kept
    }
  }

  function made(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  // a button at each article that can be clipped
  for (const place of document.querySelectorAll("[data-clip]")) {
    const clip = JSON.parse(place.dataset.clip);
    const button = made("button", "", { type: "button", class: "clip" });
    const isKept = () => clips().some((one) => one.url === clip.url);
    const show = () => {
      button.textContent = isKept() ? words.remove : words.add;
      button.setAttribute("aria-pressed", String(isKept()));
    };
    button.addEventListener("click", () => {
      const others = clips().filter((one) => one.url !== clip.url);
      const quote = String(getSelection()).trim().slice(0, 5000);
      keep(isKept() ? others : [...others, { ...clip, quote, note: "", added: new Date().toISOString() }]);
      show();
    });
    show();
    place.append(button);
  }

  // the page of the notebook
  const list = document.getElementById("notebook");
  if (!list) return;
  function draw() {
    const all = clips();
    list.replaceChildren();
    document.getElementById("notebook-empty").hidden = all.length > 0;
    document.getElementById("notebook-actions").hidden = all.length === 0;
    all.forEach((clip, at) => {
      const item = made("li");
      const link = made("a", clip.title, { lang: "vi" });
      const address = new URL(clip.url, location.href);
      if (address.origin === location.origin) link.href = address.href;
      const heading = made("h2");
      heading.append(link);
      item.append(heading, made("p", clip.about, { class: "meta" }));
      if (clip.quote) item.append(made("blockquote", clip.quote, { lang: "vi" }));
      const label = made("label", words.note, { for: `note-${at}` });
      const note = made("textarea", clip.note, { id: `note-${at}`, rows: "3" });
      note.addEventListener("input", () => {
        const now = clips();
        const own = now.find((one) => one.url === clip.url);
        if (own) own.note = note.value;
        keep(now);
      });
      const remove = made("button", words.remove, { type: "button" });
      remove.addEventListener("click", () => {
        keep(clips().filter((one) => one.url !== clip.url));
        draw();
      });
      item.append(label, note, remove);
      list.append(item);
    });
  }

  // one file that any browser and word processor opens
  document.getElementById("notebook-download").addEventListener("click", () => {
    const file = document.implementation.createHTMLDocument(document.title);
    file.documentElement.lang = document.documentElement.lang;
    file.head.prepend(Object.assign(file.createElement("meta"), { charset: "utf-8" }));
    file.head.querySelector("meta").setAttribute("charset", "utf-8");
    for (const clip of clips()) {
      const add = (tag, text) => text && file.body.append(Object.assign(file.createElement(tag), { textContent: text }));
      add("h2", clip.title);
      add("p", clip.about);
      add("p", new URL(clip.url, location.href).href);
      add("blockquote", clip.quote);
      add("p", clip.note);
    }
    const blob = new Blob(["<!DOCTYPE html>\n", file.documentElement.outerHTML], { type: "text/html;charset=utf-8" });
    const link = made("a", "", { href: URL.createObjectURL(blob), download: "tinhuyen-so-tay.html" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  draw();
})();
