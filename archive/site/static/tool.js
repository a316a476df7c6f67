// Names for the fields of Datasette's forms, which have none, wide blocks that the keyboard can reach, and rows before the form on a phone.
const words = document.currentScript.dataset;
addEventListener("DOMContentLoaded", () => {
  const names = {_filter_column: "Column", _filter_op: "Comparison", _filter_value: "Value", _sort: "Sort by", _sort_by_desc: "Descending"};
  for (const field of document.querySelectorAll("main select, main input:not([type=hidden]):not([type=submit])")) {
    if (!field.labels.length && !field.getAttribute("aria-label")) {
      field.setAttribute("aria-label", names[field.name.replace(/_\d+$/, "")] || field.name.replace(/_/g, " ").trim() || "Value");
    }
  }
  for (const block of document.querySelectorAll("main pre, main .table-wrapper, main .content")) block.tabIndex = 0;
  const form = document.querySelector("main form.filters"), rows = document.querySelector("main .table-wrapper");
  if (form && rows && matchMedia("(max-width: 576px)").matches) {
    const link = document.createElement("a");
    link.href = "#filters";
    link.textContent = words.filters;
    link.className = "th-to-filters";
    form.before(link);
    rows.after(form);
    form.id = "filters";
  }
});
