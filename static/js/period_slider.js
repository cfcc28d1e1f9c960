/* Turns the row of links to sealed periods into a slider. Without it the links stay: nothing is lost.
   The page is only left on the button, so that an arrow key does not jump away. */
(function () {
  "use strict";
  document.querySelectorAll(".period-slider").forEach(function (nav, place) {
    var links = Array.from(nav.querySelectorAll("a"));
    var current = links.findIndex(function (link) { return link.hasAttribute("aria-current"); });
    var form = document.createElement("form");
    var label = document.createElement("label");
    var range = document.createElement("input");
    var shown = document.createElement("output");
    var button = document.createElement("button");
    range.id = "period-slider-" + place;
    range.type = "range";
    range.min = "0";
    range.max = String(links.length - 1);
    range.value = String(current < 0 ? links.length - 1 : current);
    label.htmlFor = range.id;
    label.textContent = nav.dataset.label;
    shown.htmlFor = range.id;
    button.type = "submit";
    button.textContent = nav.dataset.go;
    function tell() {
      var text = links[Number(range.value)].textContent;
      shown.textContent = text;
      range.setAttribute("aria-valuetext", text);
    }
    range.addEventListener("input", tell);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      window.location.assign(links[Number(range.value)].href);
    });
    form.append(label, range, shown, button);
    tell();
    nav.prepend(form);
  });
})();
