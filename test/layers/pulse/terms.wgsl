// The one term of the test layer, in Q16. Mirrors test/layers/pulse/layer.ts.
import constants::{MOMENTS, TERMS, PRIOR_WORDS};
import package::log2::log2_q16;
import package::u64::i64_abs;

fn terms(moments: array<vec2u, MOMENTS>, prior: array<u32, PRIOR_WORDS>) -> array<i32, TERMS> {
  let charge = i64_abs(moments[1]);
  let bounded = select(charge, vec2u(1u, 0u), all(charge == vec2u(0u)));
  return array<i32, TERMS>(log2_q16(bounded) - log2_q16(moments[0]) - i32(prior[0]));
}
