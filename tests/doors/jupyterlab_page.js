// Looks at an open lesson from inside JupyterLab's page. Each complaint names its cell,
// counted from 0 with the text cells, as the list of cells in the notebook's file is.

window.course = {
  panel: () => window.jupyterapp?.shell.currentWidget,

  cells: () => [...window.course.panel().content.widgets],

  isReady() {
    const panel = window.course.panel();
    return panel?.sessionContext?.session?.kernel?.status === "idle"
      && window.course.cells().every((cell) => cell.isPlaceholder() === false);
  },

  isRunning: () => [...document.querySelectorAll(".jp-InputPrompt")]
    .some((prompt) => prompt.textContent.includes("*")),

  firstPicture: (place) => window.course.cells()[place].outputArea.node.querySelector("img"),

  questions: () => [...document.querySelectorAll(".Toastify__toast, .jp-Dialog")]
    .map((box) => `JupyterLab asks the newcomer: ${box.innerText}`),

  // What is wrong with a lesson that lies there as stored, or that has been run.
  complaints(wasRun) {
    const told = window.course.questions();
    const left = window.course.cells().findIndex((cell) => cell.model.type === "code"
      && cell.model.executionCount === null);
    if (wasRun && left >= 0) told.push(`cell ${left}: it was not run; the lesson ends before it.`);
    window.course.cells().forEach((cell, place) => {
      if (cell.model.type !== "code") return;
      const complain = (text) => told.push(`cell ${place}: ${text}`);
      const shown = [...cell.outputArea.node.querySelectorAll(".jp-OutputArea-output")];
      const outputs = cell.model.outputs.toJSON();
      if (shown.length !== outputs.length) {
        complain(`it holds ${outputs.length} outputs, but the page has ${shown.length}.`);
      }
      outputs.forEach((output) => window.course.aboutOutput(output, wasRun, complain));
      shown.forEach((node, index) => window.course.aboutNode(node, outputs[index], complain));
    });
    return told;
  },

  aboutOutput(output, wasRun, complain) {
    const text = [output.text ?? output.data?.["text/plain"] ?? ""].flat().join("");
    if (output.output_type === "error") complain(`it fails: ${output.ename}: ${output.evalue}`);
    if (output.name === "stderr") complain(`it writes to stderr: ${text.slice(0, 500)}`);
    if (wasRun) return;
    if (output.data?.["application/vnd.jupyter.widget-view+json"]) {
      complain("a widget is stored, but what would draw it ended with its kernel.");
    }
    if (/\[\d\d:\d\d/.test(text)) complain(`a progress bar is stored: ${text.slice(0, 80)}`);
  },

  aboutNode(node, output, complain) {
    const words = node.innerText.trim();
    // Messages in place of a widget, and objects that show only what Python calls them.
    const wrong =
      /Error displaying widget|model not found|Loading widget|^[HV]Box\(|<(IPython|helpers)\./;
    if (wrong.test(words)) complain(`the page shows: ${words.slice(0, 200)}`);
    const pictures = [...node.querySelectorAll("img")];
    const drawn = [...node.querySelectorAll("img, svg, canvas, .jupyter-widgets")];
    if (!window.course.isSeen(node) || !(words || drawn.some(window.course.isSeen))) {
      complain("an output is empty.");
    }
    if (node.scrollWidth > node.clientWidth + 1) {
      complain(`an output is cut at the right: ${node.scrollWidth} pixels in ${node.clientWidth}.`);
    }
    pictures.forEach((picture) => window.course.aboutPicture(picture, complain));
    if (!output?.data?.["application/vnd.jupyter.widget-view+json"]) return;
    const parts = [...node.querySelectorAll(".jupyter-widgets")]
      .filter((part) => !window.course.isEmptyText(part));
    if (!parts.length || !parts.every(window.course.isSeen)) complain("a widget doesn't draw.");
  },

  aboutPicture(picture, complain) {
    const alt = picture.getAttribute("alt")?.trim() ?? "";
    const name = `the picture "${alt.slice(0, 40)}"`;
    if (alt.length < 20) complain(`a picture has ${alt ? "a short" : "no"} alt text: "${alt}".`);
    if (!picture.complete || !picture.naturalWidth) return complain(`${name} isn't loaded.`);
    if (!window.course.isSeen(picture)) return complain(`${name} isn't seen.`);
    const box = picture.getBoundingClientRect();
    const stretch = box.width / box.height / (picture.naturalWidth / picture.naturalHeight);
    if (Math.abs(stretch - 1) > 0.02) complain(`${name} is stretched ${stretch.toFixed(2)} times.`);
    if (box.right > window.innerWidth) complain(`${name} is wider than the page.`);
  },

  // A progress bar without a known end has no percentage: its first text is empty, and rightly so.
  isEmptyText: (part) => part.matches(".widget-html") && !part.innerText.trim()
    && !part.querySelector("img"),

  isSeen(node) {
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(node).visibility !== "hidden";
  },
};
