/** The map: what sounds alike lies together. Hovering plays, a click chooses. */

import {get} from "./api.js";

const hue = text => { let sum = 0; for (const letter of text ?? "") sum = (sum * 31 + letter.charCodeAt(0)) % 360; return sum; };
let points = [];

export async function showMap(canvas, params, onHover, onPick) {
  points = (await get("/api/map", params)).points;
  paint(canvas, null);
  let under = null;
  const nearest = event => {
    const inside = canvas.getBoundingClientRect();
    const x = event.clientX - inside.left, y = event.clientY - inside.top;
    let best = null, least = 14 ** 2;
    for (const point of points) {
      const [px, py] = place(canvas, point), far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) { least = far; best = point; }
    }
    return best;
  };
  canvas.onpointermove = event => {
    const point = nearest(event);
    if (point === under) return;
    under = point;
    paint(canvas, point);
    if (point) onHover(point);
  };
  canvas.onclick = event => { const point = nearest(event); if (point) onPick(point); };
}

function place(canvas, point) {
  const edge = 24;
  return [edge + point.x * (canvas.clientWidth - 2 * edge), edge + point.y * (canvas.clientHeight - 2 * edge)];
}

function paint(canvas, under) {
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  for (const point of points) {
    const [x, y] = place(canvas, point);
    brush.fillStyle = point.category ? `hsl(${hue(point.category)} 65% 62%)` : "#8b95a5";
    brush.beginPath();
    brush.arc(x, y, point === under ? 8 : 5, 0, 7);
    brush.fill();
  }
  brush.font = "14px system-ui, sans-serif";
  brush.fillStyle = "#e6e8ec";
  if (under) {
    const [x, y] = place(canvas, under), text = `${under.name} · ${(under.category ?? "no category").toLowerCase()}`;
    const wide = brush.measureText(text).width;
    brush.fillText(text, Math.min(x + 12, canvas.clientWidth - wide - 8), Math.max(18, y - 10));
  }
  if (!points.length) brush.fillText("Nothing to lay out", 30, 40);
}
