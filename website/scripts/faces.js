/* Canvases with faces, and files to save: for the widgets that draw. */
"use strict";
globalThis.course ??= {};

(() => {
  /* A function that works on the newest wish only: wishes that came while it worked are forgotten,
  but for the last one. So a slider that is moved quickly never leaves a queue behind. */
  course.newestOnly = function newestOnly(work) {
    let wish, isWorking = false;
    return async function wanted(...words) {
      wish = words;
      if (isWorking) return;
      isWorking = true;
      try {
        while (wish) {
          const now = wish;
          wish = undefined;
          await work(...now);
        }
      } finally {
        isWorking = false; // a wish that failed does not stop all later ones
      }
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

  /* A picture of a film, {pixels, width, height}: faces side by side, each `side` pixels wide. */
  course.frameOf = function frameOf(pictures, side, columns) {
    const sheet = course.sheetOf(pictures.map((picture) => {
      const canvas = course.element("canvas");
      course.showFace(canvas, picture);
      return canvas;
    }), side, columns);
    const { width, height } = sheet;
    return { pixels: sheet.getContext("2d").getImageData(0, 0, width, height).data, width, height };
  };

  /* Hands the visitor a file: her browser saves it where she wants. */
  function saveFile(content, name) {
    const address = URL.createObjectURL(content);
    const link = course.element("a", { href: address, download: name });
    document.body.append(link); // Firefox follows only links that are in the page
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

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
  function pngWithWords(png) {
    const END_OF_HEAD = 33; // the signature's 8 bytes, and the 25 of the part that tells the size
    const named = [...new TextEncoder().encode("tEXtDescription"), 0, ...wordsInFile()];
    const part = new Uint8Array(8 + named.length);
    part.set(named, 4);
    const numbers = new DataView(part.buffer);
    numbers.setUint32(0, named.length - 4); // without the part's own name, tEXt
    numbers.setUint32(part.length - 4, checkSum(named));
    return new Blob([png.slice(0, END_OF_HEAD), part, png.slice(END_OF_HEAD)], { type: "image/png" });
  }

  /* A GIF's bytes with a comment, behind its head and the colours that all pictures may use. */
  function gifWithWords(gif) {
    const words = wordsInFile();
    const part = Uint8Array.from([0x21, 0xfe, words.length, ...words, 0]);
    const endOfHead = 13 + (gif[10] & 128 ? 3 * 2 ** ((gif[10] & 7) + 1) : 0);
    return new Blob([gif.slice(0, endOfHead), part, gif.slice(endOfHead)], { type: "image/gif" });
  }

  course.saveGif = (gif, name) => saveFile(gifWithWords(gif), name);

  /* A button that saves faces as a PNG, side by side and each `side` pixels wide, and says so. */
  course.pngButton = (canvases, side, columns, name, statusLine) => course.button("Save as PNG", () => {
    course.sheetOf(canvases, side, columns).toBlob(async (content) => {
      const png = new Uint8Array(await content.arrayBuffer());
      saveFile(pngWithWords(png), name);
      statusLine.textContent = `The picture is saved as ${name}.`;
    }, "image/png");
  });
})();
