// Names for the fields of Datasette's forms, which have none, and wide blocks that the keyboard can reach.
addEventListener("DOMContentLoaded", () => {
  const names = {_filter_column: "Column", _filter_op: "Comparison", _filter_value: "Value", _sort: "Sort by", _sort_by_desc: "Descending"};
  for (const field of document.querySelectorAll("main select, main input:not([type=hidden]):not([type=submit])")) {
    if (!field.labels.length && !field.getAttribute("aria-label")) {
      field.setAttribute("aria-label", names[field.name.replace(/_\d+$/, "")] || field.name.replace(/_/g, " ").trim() || "Value");
    }
  }
  for (const block of document.querySelectorAll("main pre, main .table-wrapper, main .content")) block.tabIndex = 0;
});
