// Adds ticks to the raw moments of their voxels. Mirrors src/layers/trades/bin.ts.
import package::pages::{shape, moments_index, PAGE_PRICES};
import package::u64::{u64_add, u64_negate, u64_product};

// Three words per entry: price, size, meta. The first two entries are context and are not binned.
@group(0) @binding(2) var<storage, read> events: array<u32>;
@group(0) @binding(3) var<storage, read_write> raw: array<atomic<u32>>;

// Consecutive ticks per invocation. Neighbours in time mostly hit the same voxel, so their sums are merged in
// registers before the atomic additions.
const RUN = 8u;
const CONTEXT = 2u;
const SIDE_MASK = 3u;
const MARKED = 4u;
const SLOT_SHIFT = 3u;

// Δp of an entry, as magnitude and sign; 0 when it is unmarked.
struct Increment {
  magnitude: u32,
  negative: bool,
}

fn increment(entry: u32) -> Increment {
  if (entry == 0u || (events[3u * entry + 2u] & MARKED) == 0u) { return Increment(0u, false); }
  let price = events[3u * entry];
  let before = events[3u * entry - 3u];
  return Increment(max(price, before) - min(price, before), price < before);
}

// HdrHistogram's log-linear bin, 2^resolution bins an octave.
fn size_bin(size: u32) -> u32 {
  let resolution = shape.settings.x;
  let lots = max(size, 1u); // dust shares the lowest bin with size 1
  let octave = 31 - i32(countLeadingZeros(lots)) - i32(resolution);
  if (octave < 0) { return lots - 1u; }
  return (u32(octave) << resolution) + (lots >> u32(octave)) - 1u;
}

fn voxel(entry: u32) -> u32 {
  let price = events[3u * entry] / shape.priceWidth % PAGE_PRICES;
  let size = min(size_bin(events[3u * entry + 1u]), shape.classBins - 1u);
  return moments_index(events[3u * entry + 2u] >> SLOT_SHIFT, price, size);
}

// 64-bit atomic addition. The carry of the low word shows in the value that atomicAdd returns.
fn add(index: u32, value: vec2u) {
  if (all(value == vec2u(0u))) { return; }
  let before = atomicAdd(&raw[index], value.x);
  let high = value.y + select(0u, 1u, before + value.x < before);
  if (high != 0u) { atomicAdd(&raw[index + 1u], high); }
}

@compute @workgroup_size(64)
fn bin(@builtin(global_invocation_id) id: vec3u) {
  let entries = arrayLength(&events) / 3u;
  let first = CONTEXT + id.x * RUN;
  if (first >= entries) { return; }

  var before = increment(first - 1u);
  var at = voxel(first);
  var trades = 0u;
  var volume = vec2u(0u);
  var flow = vec2u(0u);
  var variation = vec2u(0u);
  var covariation = vec2u(0u);
  for (var entry = first; entry < min(first + RUN, entries); entry++) {
    let here = voxel(entry);
    if (here != at) {
      add(at, vec2u(trades, 0u));
      add(at + 2u, volume);
      add(at + 4u, flow);
      add(at + 6u, variation);
      add(at + 8u, covariation);
      at = here;
      trades = 0u;
      volume = vec2u(0u);
      flow = vec2u(0u);
      variation = vec2u(0u);
      covariation = vec2u(0u);
    }
    let size = vec2u(events[3u * entry + 1u], 0u);
    let side = events[3u * entry + 2u] & SIDE_MASK;
    let step = increment(entry);
    let product = u64_product(step.magnitude, before.magnitude);
    trades++;
    volume = u64_add(volume, size);
    if (side == 1u) { flow = u64_add(flow, size); }
    if (side == 2u) { flow = u64_add(flow, u64_negate(size)); }
    variation = u64_add(variation, u64_product(step.magnitude, step.magnitude));
    covariation = u64_add(covariation, select(product, u64_negate(product), step.negative != before.negative));
    before = step;
  }
  add(at, vec2u(trades, 0u));
  add(at + 2u, volume);
  add(at + 4u, flow);
  add(at + 6u, variation);
  add(at + 8u, covariation);
}
