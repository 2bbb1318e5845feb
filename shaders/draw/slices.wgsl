// Time × price: every tile of cells gets the colour of its highest measure, taken from the pages' ceilings.
import package::pages::{NO_SCORE, PAGE_PRICES};
import package::scene::{slot_at, colour_of};

struct Slices {
  width: u32, // of the canvas, device pixels
  height: u32,
  columns: u32,
  rows: u32,
}

@group(0) @binding(5) var<uniform> slices: Slices;
// Columns of tiles, then rows: pixels from, to, and bins first, end, which count from the directory's first.
@group(0) @binding(6) var<storage, read> spans: array<vec4u>;

// [slot][price in the page], see ceilings.wgsl.
@group(0) @binding(7) var<storage, read> ceilings: array<i32>;

struct Corner {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat, first) measure: i32,
}

// Of the two triangles of a tile: right in bit 0, lower in bit 1.
const CORNERS = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u);

// The highest shown measure of all cells in a tile; NO_SCORE where nothing is scored.
fn highest(slabs: vec2u, bins: vec2u) -> i32 {
  var most = NO_SCORE;
  for (var slab = slabs.x; slab < slabs.y; slab++) {
    for (var page = bins.x / PAGE_PRICES; page * PAGE_PRICES < bins.y; page++) {
      let slot = slot_at(slab, page);
      if (slot < 0) { continue; }
      let first = page * PAGE_PRICES;
      let low = max(bins.x, first) - first;
      let high = min(bins.y - first, PAGE_PRICES);
      for (var price = low; price < high; price++) {
        most = max(most, ceilings[u32(slot) * PAGE_PRICES + price]);
      }
    }
  }
  return most;
}

@vertex
fn corner_of_tile(@builtin(vertex_index) vertex: u32) -> Corner {
  let tile = vertex / 6u;
  let column = spans[tile % slices.columns];
  let row = spans[slices.columns + tile / slices.columns];
  var corners = CORNERS;
  let corner = corners[vertex % 6u];
  let x = select(column.x, column.y, (corner & 1u) == 1u);
  let y = select(row.x, row.y, (corner & 2u) == 2u);
  let at = 2.0 * vec2f(f32(x), f32(y)) / vec2f(f32(slices.width), f32(slices.height));
  var out: Corner;
  out.position = vec4f(at.x - 1.0, 1.0 - at.y, 0.0, 1.0);
  // A triangle takes the measure of its first corner, so the other corners need not look it up.
  out.measure = NO_SCORE;
  if (vertex % 3u == 0u && column.x < column.y && row.x < row.y) { out.measure = highest(column.zw, row.zw); }
  return out;
}

@fragment
fn colour_of_tile(corner: Corner) -> @location(0) vec4f {
  if (corner.measure == NO_SCORE) { discard; }
  return vec4f(colour_of(corner.measure), 1.0);
}
