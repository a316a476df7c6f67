/* Buttons that copy what stands in [data-copy]; without this script it can be selected by one click. */
"use strict";
for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = place.dataset.copy;
  button.setAttribute("aria-label", `${place.dataset.copy}: ${place.dataset.name || ""}`);
  const said = document.createElement("span");
  said.className = "copied";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const text = place.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(place);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (!document.execCommand("copy")) return;
    }
    said.textContent = place.dataset.copied;
    setTimeout(() => { said.textContent = ""; }, 3000);
  });
  place.after(button, said);
}
