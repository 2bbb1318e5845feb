// What the drawing shaders read: where pages are, their scores, and what else a voxel can show.
import package::pages::{detail_index, NO_SCORE, PAGE_PRICES};

struct Scene {
  slabs: u32, // of the directory
  pages: u32,
  sizeBins: u32,
  measure: u32, // 0 score, 1 activity, 2 volatility, 3 flow
  firstSize: u32, // size bins shown, both included
  lastSize: u32,
  threshold: f32, // the volume leaves out lower measures
  top: f32, // the measure at the upper end of the palette
}

@group(0) @binding(0) var<uniform> scene: Scene;
// Slot by [slab][page], −1 where nothing is kept. Slabs and pages count from the directory's first.
@group(0) @binding(1) var<storage, read> directory: array<i32>;
@group(0) @binding(2) var<storage, read> scores: array<i32>;
// Pages of details, seven planes of words each: activity, volatility, flow (Q16), then volume and net flow
// (two words each).
@group(0) @binding(3) var<storage, read> details: array<u32>;
// Packed colours (red in the low byte) of measures 0 … top; the last one is for measures below 0.
@group(0) @binding(4) var<storage, read> palette: array<u32, 257>;

const SHADES = 256u;

// Slot of a page, −1 where nothing is kept; slab and page must lie in the directory.
fn slot_at(slab: u32, page: u32) -> i32 {
  return directory[slab * scene.pages + page];
}

// The chosen measure, Q16; NO_SCORE in voxels without a score. `price` counts within the page.
fn measure_at(slot: u32, price: u32, size: u32) -> i32 {
  let score = scores[(slot * scene.sizeBins + size) * PAGE_PRICES + price];
  if (score == NO_SCORE || scene.measure == 0u) { return score; }
  return i32(details[detail_index(scene.sizeBins, slot, scene.measure - 1u, price, size)]);
}

// Colour of a measure in Q16, sRGB 0 … 1.
fn colour_of(measure: i32) -> vec3f {
  let shade = clamp(i32(round(f32(measure) / 65536.0 / scene.top * f32(SHADES - 1u))), 0, i32(SHADES) - 1);
  return unpack4x8unorm(palette[select(u32(shade), SHADES, measure < 0)]).rgb;
}
