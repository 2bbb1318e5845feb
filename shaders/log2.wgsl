// L: base-2 logarithm of an unsigned 64-bit integer ≥ 1, in Q16. Mirrors src/fixed/log2.ts.

// round(log2(1 + i/256) · 2^24), i = 0 … 256
@group(0) @binding(1) var<uniform> log2Table: array<vec4u, 65>;

fn log2_q16(value: vec2u) -> i32 {
  let lead = select(32u + countLeadingZeros(value.x), countLeadingZeros(value.y), value.y != 0u);
  var mantissa = value.y;
  if (lead >= 32u) {
    mantissa = value.x << (lead - 32u);
  } else if (lead > 0u) {
    mantissa = (value.y << lead) | (value.x >> (32u - lead));
  }
  let index = (mantissa >> 23u) & 255u;
  let fraction = (mantissa >> 8u) & 0x7fffu;
  let base = log2Table[index / 4u][index % 4u];
  let step = log2Table[(index + 1u) / 4u][(index + 1u) % 4u] - base;
  let interpolated = base + ((step * fraction) >> 15u);
  return i32(((63u - lead) << 16u) + ((interpolated + 128u) >> 8u));
}
