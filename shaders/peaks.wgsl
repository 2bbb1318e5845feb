// Finds the voxels whose score beats all 26 neighbours; a tie goes to the lower (time, class, price).
// Mirrors src/cpu/peaks.ts.
import constants::MOMENTS;
import package::pages::{shape, PageJob, score_index, moments_index, PAGE_PRICES, NO_SLOT, NO_SCORE};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(3) var<storage, read> smoothed: array<u32>;
@group(0) @binding(4) var<storage, read> scores: array<i32>;

// Words per peak: job, voxel in the page, score, smoothed moments.
const PEAK_WORDS = 3u + 2u * MOMENTS;

struct Found {
  count: atomic<u32>,
  peaks: array<u32>, // PEAK_WORDS each
}
@group(0) @binding(5) var<storage, read_write> found: Found;

fn is_peak(job: u32, price: u32, classBin: u32, score: i32) -> bool {
  for (var time = -1; time <= 1; time++) {
    for (var classStep = -1; classStep <= 1; classStep++) {
      let row = i32(classBin) + classStep;
      if (row < 0 || row >= i32(shape.classBins)) { continue; }
      for (var priceStep = -1; priceStep <= 1; priceStep++) {
        // negative if the neighbour has the lower index
        let order = 9 * time + 3 * classStep + priceStep;
        if (order == 0) { continue; }
        let position = u32(i32(price + PAGE_PRICES) + priceStep);
        let slot = jobs[job].around[u32(time + 1) * 3u + position / PAGE_PRICES];
        if (slot == NO_SLOT) { continue; }
        let other = scores[score_index(u32(slot), position % PAGE_PRICES, u32(row))];
        if (other > score || (other == score && order < 0)) { return false; }
      }
    }
  }
  return true;
}

@compute @workgroup_size(64)
fn find_peaks(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) price: u32) {
  let classBin = group.x;
  let job = group.y;
  let score = scores[score_index(jobs[job].scores, price, classBin)];
  if (score == NO_SCORE || !is_peak(job, price, classBin, score)) { return; }
  let record = atomicAdd(&found.count, 1u) * PEAK_WORDS;
  let moments = moments_index(jobs[job].smoothed, price, classBin);
  found.peaks[record] = job;
  found.peaks[record + 1u] = classBin * PAGE_PRICES + price;
  found.peaks[record + 2u] = bitcast<u32>(score);
  for (var word = 0u; word < 2u * MOMENTS; word++) { found.peaks[record + 3u + word] = smoothed[moments + word]; }
}
