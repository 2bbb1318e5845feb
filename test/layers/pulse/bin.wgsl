// Adds pulses to the raw moments of their voxels. Mirrors test/layers/pulse/layer.ts.
import package::pages::{shape, moments_index, PAGE_PRICES};

@group(0) @binding(2) var<storage, read> events: array<u32>;
@group(0) @binding(3) var<storage, read_write> raw: array<atomic<u32>>;

fn class_of(charge: i32) -> u32 {
  let size = abs(charge);
  return u32(size >= 10) + u32(size >= 100) + u32(size >= 1000);
}

fn add(index: u32, value: vec2u) {
  let before = atomicAdd(&raw[index], value.x);
  let high = value.y + select(0u, 1u, before + value.x < before);
  if (high != 0u) { atomicAdd(&raw[index + 1u], high); }
}

@compute @workgroup_size(64)
fn bin(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&events) / 3u) { return; }
  let charge = bitcast<i32>(events[3u * id.x + 1u]);
  let price = events[3u * id.x] / shape.priceWidth % PAGE_PRICES;
  let at = moments_index(events[3u * id.x + 2u], price, class_of(charge));
  add(at, vec2u(1u, 0u));
  add(at + 2u, vec2u(bitcast<u32>(charge), select(0u, 0xffffffffu, charge < 0)));
}
