// The three terms of the score, in Q16. Mirrors src/layers/trades/terms.ts.
import constants::{MOMENTS, TERMS, PRIOR_WORDS};
import package::pages::shape;
import package::log2::log2_q16;
import package::ratio::ratio_q16;
import package::u64::{u64_add, i64_abs, i64_is_negative};

// What the volatility term needs to know about a price.
struct Prior {
  value: vec2u, // max(1, round(κ·c·q·p²))
  logPrice: i32, // L(p)
}

fn activity(volume: vec2u) -> i32 {
  return log2_q16(select(volume, vec2u(1u, 0u), all(volume == vec2u(0u))));
}

fn volatility(trades: vec2u, variation: vec2u, covariation: vec2u, prior: Prior) -> i32 {
  let corrected = u64_add(variation, u64_add(covariation, covariation));
  let variance = select(corrected, vec2u(0u), i64_is_negative(corrected));
  let weight = u64_add(trades, vec2u(shape.shrinkage, 0u));
  return ((log2_q16(u64_add(variance, prior.value)) - log2_q16(weight)) >> 1u) - prior.logPrice;
}

fn flow(trades: vec2u, volume: vec2u, signed: vec2u) -> i32 {
  let weight = u64_add(trades, vec2u(shape.shrinkage, 0u));
  return i32((ratio_q16(i64_abs(signed), volume) * ratio_q16(trades, weight)) >> 16u);
}

// All terms of a voxel with the moments trades, volume, flow, variation, covariation.
fn terms(moments: array<vec2u, MOMENTS>, prior: array<u32, PRIOR_WORDS>) -> array<i32, TERMS> {
  let known = Prior(vec2u(prior[0], prior[1]), i32(prior[2]));
  return array<i32, TERMS>(
    activity(moments[1]),
    volatility(moments[0], moments[3], moments[4], known),
    flow(moments[0], moments[1], moments[2]),
  );
}
