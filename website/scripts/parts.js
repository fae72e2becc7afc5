/* Parts that several widgets are made of: elements, canvases with faces, files to save. */
"use strict";
globalThis.course ??= {};

/* Where this script lies: other files of the site are found from here, on a disk, too. */
course.scriptsFolder = document.currentScript?.src.replace(/[^/]*$/, "") ?? "";

/* An element with its attributes, listeners (`onclick`) and children, which may be texts. */
course.element = function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
};

course.button = (words, onclick) =>
  course.element("button", { type: "button", class: "course-button", onclick }, words);

let sliders = 0; // made so far: each has a name of its own in the page

/* A slider with its name above it: {whole, input}. `tell(value)` says its place in words. */
course.slider = function slider({ words, min, max, step, value, tell, oninput }) {
  const told = course.element("span", { class: "course-slider-value", "aria-hidden": "true" });
  const id = `course-slider-${(sliders += 1)}`;
  const input = course.element("input", { type: "range", id, min, max, step, value });
  const tellPlace = () => {
    const place = tell(Number(input.value));
    told.textContent = place;
    input.setAttribute("aria-valuetext", place);
  };
  input.addEventListener("input", () => {
    tellPlace();
    oninput(Number(input.value));
  });
  tellPlace();
  const set = (to) => {
    input.value = to;
    tellPlace();
  };
  const name = course.element("label", { for: id }, words);
  const line = course.element("div", { class: "course-slider-line" }, name, told);
  return { whole: course.element("div", { class: "course-slider" }, line, input), input, set };
};

/* Calls `work` for every widget of this kind in the page, once the page is there. */
course.whenReady = function whenReady(widget, work) {
  const start = () => {
    for (const place of document.querySelectorAll(`[data-widget="${widget}"]`)) {
      place.replaceChildren();
      work(place);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
};

/* A function that works on the newest wish only: wishes that came while it worked are forgotten,
but for the last one. So a slider that is drawn quickly never leaves a queue behind. */
course.newestOnly = function newestOnly(work) {
  let wish, isWorking = false;
  return async function wanted(...words) {
    wish = words;
    if (isWorking) return;
    isWorking = true;
    while (wish) {
      const now = wish;
      wish = undefined;
      await work(...now);
    }
    isWorking = false;
  };
};

/* A canvas for one face; `alt` is what a screen reader says of it. */
course.faceCanvas = (alt) =>
  course.element("canvas", { class: "course-face", role: "img", "aria-label": alt, width: 1, height: 1 });

course.showFace = function showFace(canvas, picture, alt) {
  const side = Math.sqrt(picture.length / 4);
  if (canvas.width !== side) canvas.width = canvas.height = side; // this also empties it
  canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(picture), side), 0, 0);
  if (alt) canvas.setAttribute("aria-label", alt);
};

/* Faces side by side on a new canvas, each `side` pixels wide, in so many columns. */
course.sheetOf = function sheetOf(canvases, side, columns) {
  const gap = canvases.length > 1 ? Math.round(side / 16) : 0;
  const rows = Math.ceil(canvases.length / columns);
  const sheet = course.element("canvas", {
    width: columns * (side + gap) - gap, height: rows * (side + gap) - gap,
  });
  const pen = sheet.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.imageSmoothingQuality = "high";
  canvases.forEach((canvas, number) => {
    const place = [(number % columns) * (side + gap), Math.floor(number / columns) * (side + gap)];
    pen.drawImage(canvas, ...place, side, side);
  });
  return sheet;
};

/* Hands the visitor a file: her browser saves it where she wants. */
course.saveFile = function saveFile(content, name) {
  const address = URL.createObjectURL(content);
  const link = course.element("a", { href: address, download: name });
  document.body.append(link); // Firefox follows only links that are in the page
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

/* What every saved picture says of itself, in its file: no photograph. Only Latin letters. */
const wordsInFile = () => new TextEncoder().encode(course.drawnByANet);

/* The check sum of PNG, CRC-32. */
function checkSum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/* A PNG's bytes with a text of the name "Description", after its first part. */
course.pngWithWords = function pngWithWords(png) {
  const END_OF_HEAD = 33; // the signature's 8 bytes, and the 25 of the part that tells the size
  const named = [...new TextEncoder().encode("tEXtDescription"), 0, ...wordsInFile()];
  const part = new Uint8Array(8 + named.length);
  part.set(named, 4);
  const numbers = new DataView(part.buffer);
  numbers.setUint32(0, named.length - 4); // without the part's own name, tEXt
  numbers.setUint32(part.length - 4, checkSum(named));
  return new Blob([png.slice(0, END_OF_HEAD), part, png.slice(END_OF_HEAD)], { type: "image/png" });
};

/* A GIF's bytes with a comment, behind its head and the colours that all pictures may use. */
course.gifWithWords = function gifWithWords(gif) {
  const words = wordsInFile();
  const part = Uint8Array.from([0x21, 0xfe, words.length, ...words, 0]);
  const endOfHead = 13 + (gif[10] & 128 ? 3 * 2 ** ((gif[10] & 7) + 1) : 0);
  return new Blob([gif.slice(0, endOfHead), part, gif.slice(endOfHead)], { type: "image/gif" });
};

/* A button that saves the picture that `draw()` puts on a canvas, and says so in `told`. */
course.pngButton = (draw, name, told) => course.button("Save as PNG", () => draw().toBlob(async (content) => {
  const png = new Uint8Array(await content.arrayBuffer());
  course.saveFile(course.pngWithWords(png), name);
  told.textContent = `The picture is saved as ${name}.`;
}, "image/png"));

/* The small faces of a picture, made larger: what a film is put together from. */
course.enlarged = function enlarged(picture, side) {
  const small = course.element("canvas");
  course.showFace(small, picture);
  return course.sheetOf([small], side, 1).getContext("2d").getImageData(0, 0, side, side).data;
};
