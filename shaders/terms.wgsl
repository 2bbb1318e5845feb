// The three terms of the score, in Q16. Mirrors the functions of the same names in src/cpu/score.ts.
import package::pages::{shape, Moments};
import package::log2::log2_q16;
import package::ratio::ratio_q16;
import package::u64::{u64_add, u64_less, i64_abs, i64_is_negative};

// What the volatility term needs to know of a price.
struct Prior {
  value: vec2u, // max(1, round(κ·c·q·p²))
  logPrice: i32, // L(p)
}

fn activity(volume: vec2u) -> i32 {
  return log2_q16(select(volume, vec2u(1u, 0u), all(volume == vec2u(0u))));
}

fn volatility(moments: Moments, prior: Prior) -> i32 {
  let corrected = u64_add(moments.variation, u64_add(moments.covariation, moments.covariation));
  let variance = select(corrected, vec2u(0u), i64_is_negative(corrected));
  let weight = u64_add(moments.trades, vec2u(shape.shrinkage, 0u));
  return ((log2_q16(u64_add(variance, prior.value)) - log2_q16(weight)) >> 1u) - prior.logPrice;
}

fn flow(moments: Moments) -> i32 {
  let weight = u64_add(moments.trades, vec2u(shape.shrinkage, 0u));
  return i32((ratio_q16(i64_abs(moments.flow), moments.volume) * ratio_q16(moments.trades, weight)) >> 16u);
}

// trades~ ≥ least
fn has_trades(moments: Moments, least: u32) -> bool {
  return !u64_less(moments.trades, vec2u(least, 0u));
}
