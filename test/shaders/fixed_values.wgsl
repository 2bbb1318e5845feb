// Runs every helper of the fixed-point modules on pairs of 64-bit operands, a row of words a pair.
import package::log2::log2_q16;
import package::ratio::ratio_q16;
import package::u64::{u64_add, u64_negate, u64_product, u64_scale, u64_less, u64_shift_right, u64_bit_length};
import package::u64::{i64_is_negative, i64_abs};

@group(0) @binding(2) var<storage, read> operands: array<vec4u>; // a low, a high, b low, b high
@group(0) @binding(3) var<storage, read_write> results: array<u32>;

const ROW = 17u;

fn put(at: u32, value: vec2u) {
  results[at] = value.x;
  results[at + 1u] = value.y;
}

@compute @workgroup_size(64)
fn fixed_values(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&operands)) { return; }
  let a = operands[id.x].xy;
  let b = operands[id.x].zw;
  let at = id.x * ROW;
  put(at, u64_add(a, b));
  put(at + 2u, u64_negate(a));
  put(at + 4u, u64_product(a.x, b.x));
  put(at + 6u, u64_scale(a, b.x));
  put(at + 8u, u64_shift_right(a, b.x & 63u));
  put(at + 10u, i64_abs(a));
  results[at + 12u] = select(0u, 1u, u64_less(a, b));
  results[at + 13u] = select(0u, 1u, i64_is_negative(a));
  results[at + 14u] = u64_bit_length(a);
  // of 0 there is no logarithm
  if (any(a != vec2u(0u))) { results[at + 15u] = bitcast<u32>(log2_q16(a)); }
  // a part is at most the whole
  if (!u64_less(b, a)) { results[at + 16u] = ratio_q16(a, b); }
}
