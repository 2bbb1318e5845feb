// Finds the voxels whose score beats all 26 neighbours; a tie goes to the lower (time, size, price).
// Mirrors src/cpu/peaks.ts.
import package::pages::{shape, PageJob, score_index, moments_index, PAGE_PRICES, MOMENTS, NO_SLOT, NO_SCORE};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(3) var<storage, read> smoothed: array<u32>;
@group(0) @binding(4) var<storage, read> scores: array<i32>;

struct Found {
  count: atomic<u32>,
  // Thirteen words a peak: job, voxel in the page, score, ten words of smoothed moments.
  peaks: array<u32>,
}
@group(0) @binding(5) var<storage, read_write> found: Found;

fn is_peak(job: u32, price: u32, size: u32, score: i32) -> bool {
  for (var time = -1; time <= 1; time++) {
    for (var sizeStep = -1; sizeStep <= 1; sizeStep++) {
      let row = i32(size) + sizeStep;
      if (row < 0 || row >= i32(shape.sizeBins)) { continue; }
      for (var priceStep = -1; priceStep <= 1; priceStep++) {
        // negative: the neighbour has the lower index
        let order = 9 * time + 3 * sizeStep + priceStep;
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
  let size = group.x;
  let job = group.y;
  let score = scores[score_index(jobs[job].scores, price, size)];
  if (score == NO_SCORE || !is_peak(job, price, size, score)) { return; }
  let record = atomicAdd(&found.count, 1u) * 13u;
  let moments = moments_index(jobs[job].smoothed, price, size);
  found.peaks[record] = job;
  found.peaks[record + 1u] = size * PAGE_PRICES + price;
  found.peaks[record + 2u] = bitcast<u32>(score);
  for (var word = 0u; word < 2u * MOMENTS; word++) { found.peaks[record + 3u + word] = smoothed[moments + word]; }
}
