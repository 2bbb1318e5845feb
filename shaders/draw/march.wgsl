// Marches one ray through the kept pages, front to back. Every voxel is a box with one value. Pages and
// prices with nothing to show are skipped in one step; that changes no pixel.
import package::pages::{NO_SCORE, PAGE_PRICES};
import package::scene::{scene, slot_at, measure_at, colour_of};

// Bins count from the directory's first slab and its first page's first price bin.
struct View {
  toBins: mat4x4f, // clip space → (time, price, size) in bins
  low: vec4f, // bins that are shown, fractions included
  high: vec4f,
  binWidth: vec4f, // of one bin, in box space
}

@group(0) @binding(5) var<uniform> view: View;
// [slot][price in the page], then [slot], see ceilings.wgsl.
@group(0) @binding(7) var<storage, read> ceilings: array<i32>;

const PAGE_HEIGHT = f32(PAGE_PRICES);
const TIME = 0;
const PRICE = 1;
const SIZE = 2;

// Optical depth of a voxel at the top of the scale, whatever its size: 95 % opaque.
const CORE_DEPTH = 3.0;
// Optical depth at the top of the scale over a length of 1 in box space, the height of the box.
const HAZE_DEPTH = 12.0;
// Nothing behind this is visible.
const OPAQUE = 0.985;
// Light from above and the right: faces across time, price, size.
const FACE_LIGHT = vec3f(0.84, 1.0, 0.92);
// Directions are at least this steep, so that their reciprocals stay finite.
const FLATTEST = 1e-7;

struct Ray {
  origin: vec3f,
  along: vec3f, // t = 1 is the end of what can be seen
  inverse: vec3f, // of `along`
  length: f32, // of `along`, in box space
}

fn in_bins(clip: vec2f, depth: f32) -> vec3f {
  let point = view.toBins * vec4f(clip, depth, 1.0);
  return point.xyz / point.w;
}

// Zero below the threshold, then two parts. The haze grows with the ray's length inside the voxel, so
// ordinary regions look alike however fine the axes are. The core belongs to the voxel, however thin it is,
// so a hotspot is visible from any distance.
fn opacity(measure: f32, length: f32) -> f32 {
  let span = max(scene.top - scene.threshold, 1e-6);
  let share = clamp((measure - scene.threshold) / span, 0.0, 1.0);
  let core = CORE_DEPTH * share * share * share * share; // almost nothing in ordinary regions
  return 1.0 - exp(-(core + HAZE_DEPTH * share * length));
}

// Where the ray leaves the cell in one axis.
fn leave(ray: Ray, axis: i32, cell: i32, cellSize: f32) -> f32 {
  let edge = f32(cell + select(0, 1, ray.along[axis] > 0.0)) * cellSize;
  return (edge - ray.origin[axis]) * ray.inverse[axis];
}

// Whether a measure in Q16 is part of the volume.
fn shows(q16: i32) -> bool {
  return q16 != NO_SCORE && f32(q16) / 65536.0 >= scene.threshold;
}

// The size in which the ray, now in `size`, leaves a price at t: where stepping from size to size would end.
fn size_at(ray: Ray, size: i32, t: f32) -> i32 {
  let forward = step_of(ray, SIZE);
  let about = i32(floor(ray.origin[SIZE] + ray.along[SIZE] * t));
  var found = select(min(about, size), max(about, size), forward > 0);
  // Rounding may have missed it by one.
  if (found != size && leave(ray, SIZE, found - forward, 1.0) > t) { found -= forward; }
  if (leave(ray, SIZE, found, 1.0) <= t) { found += forward; }
  return found;
}

fn step_of(ray: Ray, axis: i32) -> i32 {
  return select(-1, 1, ray.along[axis] > 0.0);
}

// Marches the voxels of one page between two points of the ray. `entered` is the axis across which it came
// in.
fn march_page(ray: Ray, slot: u32, page: i32, start: f32, end: f32, entered: i32, before: vec4f) -> vec4f {
  let first = page * i32(PAGE_PRICES);
  let at = ray.origin + ray.along * start;
  var price = clamp(i32(floor(at[PRICE])), first, first + i32(PAGE_PRICES) - 1);
  var size = clamp(i32(floor(at[SIZE])), i32(scene.firstSize), i32(scene.lastSize));
  var light = before;
  var face = entered;
  var t = start;
  // A straight ray never crosses more voxels than this.
  for (var steps = 0u; steps < PAGE_PRICES + scene.sizeBins; steps++) {
    let leavesPrice = leave(ray, PRICE, price, 1.0);
    if (!shows(ceilings[slot * PAGE_PRICES + u32(price - first)])) {
      size = size_at(ray, size, leavesPrice);
      price += step_of(ray, PRICE);
      face = PRICE;
      t = leavesPrice;
      if (t >= end || price < first || price >= first + i32(PAGE_PRICES)) { break; }
      if (size < i32(scene.firstSize) || size > i32(scene.lastSize)) { break; }
      continue;
    }
    let leavesSize = leave(ray, SIZE, size, 1.0);
    let next = min(min(leavesPrice, leavesSize), end);
    let q16 = measure_at(slot, u32(price - first), u32(size));
    if (shows(q16)) {
      let alpha = opacity(f32(q16) / 65536.0, max(next - t, 0.0) * ray.length) * (1.0 - light.a);
      light += vec4f(colour_of(q16) * FACE_LIGHT[face] * alpha, alpha);
      if (light.a > OPAQUE) { break; }
    }
    if (next >= end) { break; }
    t = next;
    if (leavesPrice < leavesSize) {
      price += step_of(ray, PRICE);
      face = PRICE;
      if (price < first || price >= first + i32(PAGE_PRICES)) { break; }
    } else {
      size += step_of(ray, SIZE);
      face = SIZE;
      if (size < i32(scene.firstSize) || size > i32(scene.lastSize)) { break; }
    }
  }
  return light;
}

// What is visible at a point of clip space, up to a depth: a colour multiplied by its alpha.
fn march(clip: vec2f, depth: f32) -> vec4f {
  var ray: Ray;
  ray.origin = in_bins(clip, 0.0);
  let along = in_bins(clip, depth) - ray.origin;
  ray.along = select(along, vec3f(FLATTEST), abs(along) < vec3f(FLATTEST));
  ray.inverse = 1.0 / ray.along;
  ray.length = length(along * view.binWidth.xyz);

  let toLow = (view.low.xyz - ray.origin) * ray.inverse;
  let toHigh = (view.high.xyz - ray.origin) * ray.inverse;
  let enters = min(toLow, toHigh);
  let leaves = max(toLow, toHigh);
  var t = max(max(enters.x, enters.y), max(enters.z, 0.0));
  let end = min(min(leaves.x, leaves.y), min(leaves.z, 1.0));
  if (!(t < end)) { return vec4f(0.0); }
  var face = select(select(SIZE, PRICE, enters.y >= enters.z), TIME, enters.x >= max(enters.y, enters.z));

  // From page to page. A page that is not kept takes one step.
  let at = ray.origin + ray.along * t;
  var slab = clamp(i32(floor(at[TIME])), 0, i32(scene.slabs) - 1);
  var page = clamp(i32(floor(at[PRICE] / PAGE_HEIGHT)), 0, i32(scene.pages) - 1);
  let slots = arrayLength(&ceilings) / (PAGE_PRICES + 1u);
  var light = vec4f(0.0);
  for (var steps = 0u; steps < scene.slabs + scene.pages; steps++) {
    let leavesSlab = leave(ray, TIME, slab, 1.0);
    let leavesPage = leave(ray, PRICE, page, PAGE_HEIGHT);
    let next = min(min(leavesSlab, leavesPage), end);
    let slot = slot_at(u32(slab), u32(page));
    if (slot >= 0 && shows(ceilings[slots * PAGE_PRICES + u32(slot)])) {
      light = march_page(ray, u32(slot), page, t, next, face, light);
      if (light.a > OPAQUE) { break; }
    }
    if (next >= end) { break; }
    t = next;
    if (leavesSlab < leavesPage) {
      slab += step_of(ray, TIME);
      face = TIME;
      if (slab < 0 || slab >= i32(scene.slabs)) { break; }
    } else {
      page += step_of(ray, PRICE);
      face = PRICE;
      if (page < 0 || page >= i32(scene.pages)) { break; }
    }
  }
  return light;
}

// Corner of a triangle that covers the picture.
fn corner(index: u32) -> vec2f {
  return vec2f(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
}
