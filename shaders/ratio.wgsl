// part / whole in Q16, 0 … 65,535. Mirrors src/fixed/ratio.ts.
import package::u64::{u64_bit_length, u64_shift_right};

fn ratio_q16(part: vec2u, whole: vec2u) -> u32 {
  let bits = u64_bit_length(whole);
  if (bits == 0u) { return 0u; }
  let shift = select(0u, bits - 16u, bits > 16u);
  let quotient = (u64_shift_right(part, shift).x << 16u) / u64_shift_right(whole, shift).x;
  return min(quotient, 65535u);
}
