// 64-bit integers as vec2u(low, high). WGSL has none; signed ones are in two's complement, so that sums and
// products modulo 2^64 serve both. Mirrors src/fixed/u64.ts.

fn u64_add(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn u64_negate(a: vec2u) -> vec2u {
  return u64_add(~a, vec2u(1u, 0u));
}

// The whole product of two words, from 16-bit halves.
fn u64_product(a: u32, b: u32) -> vec2u {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let cross = a1 * b0 + (low >> 16u); // below 2^32
  let middle = a0 * b1 + (cross & 0xffffu); // below 2^32
  return vec2u((middle << 16u) | (low & 0xffffu), a1 * b1 + (cross >> 16u) + (middle >> 16u));
}

// a · weight modulo 2^64.
fn u64_scale(a: vec2u, weight: u32) -> vec2u {
  let low = u64_product(a.x, weight);
  return vec2u(low.x, low.y + a.y * weight);
}

fn u64_less(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

// a >> bits, for 0 ≤ bits ≤ 63.
fn u64_shift_right(a: vec2u, bits: u32) -> vec2u {
  if (bits == 0u) { return a; }
  if (bits >= 32u) { return vec2u(a.y >> (bits - 32u), 0u); }
  return vec2u((a.x >> bits) | (a.y << (32u - bits)), a.y >> bits);
}

// Bits in a: 0 for 0, k + 1 for 2^k.
fn u64_bit_length(a: vec2u) -> u32 {
  return select(32u - countLeadingZeros(a.x), 64u - countLeadingZeros(a.y), a.y != 0u);
}

fn i64_is_negative(a: vec2u) -> bool {
  return (a.y >> 31u) != 0u;
}

fn i64_abs(a: vec2u) -> vec2u {
  return select(a, u64_negate(a), i64_is_negative(a));
}
