// Smooths the raw moments around a page into its touched voxels, one workgroup a row (class): first along
// time and class into a strip that reaches beyond both edges of the page, then along price. Mirrors
// src/cpu/smooth.ts.
import constants::MOMENTS;
import package::pages::{shape, PageJob, moments_index, PAGE_PRICES, NO_SLOT};
import package::u64::{u64_add, u64_scale};

@group(0) @binding(2) var<storage, read> jobs: array<PageJob>;
@group(0) @binding(3) var<storage, read> raw: array<u32>;
@group(0) @binding(4) var<storage, read_write> smoothed: array<u32>;

// The moments of a page's prices and of the largest radius (8) on both sides.
const STRIP = 80u;
var<workgroup> strip: array<vec2u, STRIP * MOMENTS>;
// Number of touched voxels in the row. A row without any is skipped.
var<workgroup> touchedInRow: atomic<u32>;

fn raw_moment(index: u32, moment: u32) -> vec2u {
  return vec2u(raw[index + 2u * moment], raw[index + 2u * moment + 1u]);
}

// Sums one column of the strip along time and class. Column 0 is `radius` prices below the page.
fn load_column(job: u32, row: u32, column: u32) {
  let position = column + PAGE_PRICES - shape.priceRadius;
  let side = position / PAGE_PRICES;
  let price = position % PAGE_PRICES;
  let lowest = select(0u, row - shape.classRadius, row > shape.classRadius);
  let highest = min(shape.classBins - 1u, row + shape.classRadius);
  var sums: array<vec2u, MOMENTS>;
  for (var t = 0u; t <= 2u * shape.timeRadius; t++) {
    let slot = jobs[job].raw[t * 3u + side];
    if (slot == NO_SLOT) { continue; }
    for (var classBin = lowest; classBin <= highest; classBin++) {
      let index = moments_index(u32(slot), price, classBin);
      if (raw[index] == 0u && raw[index + 1u] == 0u) { continue; } // no events, so all moments are 0
      let c = classBin + shape.classRadius - row;
      let weight = shape.timeWeights[t / 4u][t % 4u] * shape.classWeights[c / 4u][c % 4u];
      for (var m = 0u; m < MOMENTS; m++) {
        sums[m] = u64_add(sums[m], u64_scale(raw_moment(index, m), weight));
      }
    }
  }
  for (var m = 0u; m < MOMENTS; m++) { strip[m * STRIP + column] = sums[m]; }
}

@compute @workgroup_size(64)
fn smooth_page(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let job = group.y;
  let own = moments_index(jobs[job].own, lane, row);
  let isTouched = (raw[own] | raw[own + 1u]) != 0u;
  if (isTouched) { atomicAdd(&touchedInRow, 1u); }
  workgroupBarrier();
  if (atomicLoad(&touchedInRow) > 0u) {
    for (var column = lane; column < PAGE_PRICES + 2u * shape.priceRadius; column += PAGE_PRICES) {
      load_column(job, row, column);
    }
  }
  workgroupBarrier();
  let to = moments_index(jobs[job].smoothed, lane, row);
  for (var m = 0u; m < MOMENTS; m++) {
    var sum = vec2u(0u); // a voxel that no event has touched
    if (isTouched) {
      for (var k = 0u; k <= 2u * shape.priceRadius; k++) {
        sum = u64_add(sum, u64_scale(strip[m * STRIP + lane + k], shape.priceWeights[k / 4u][k % 4u]));
      }
    }
    smoothed[to + 2u * m] = sum.x;
    smoothed[to + 2u * m + 1u] = sum.y;
  }
}
