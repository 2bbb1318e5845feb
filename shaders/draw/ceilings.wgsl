// The highest shown measure at every price of every page, and of every page, so that lower voxels can be
// skipped.
import package::pages::{NO_SCORE, PAGE_PRICES};
import package::scene::{scene, measure_at};

// [slot][price in the page], then [slot]; NO_SCORE where nothing is scored. Empty slots are filled too but
// never read.
@group(0) @binding(5) var<storage, read_write> ceilings: array<i32>;

var<workgroup> page_ceiling: atomic<i32>;

// One workgroup per slot; workgroups continue row by row.
@compute @workgroup_size(64)
fn raise_ceilings(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) price: u32,
) {
  let slot = group.y * groups.x + group.x;
  let slots = arrayLength(&ceilings) / (PAGE_PRICES + 1u);
  if (slot >= slots) { return; }
  if (price == 0u) { atomicStore(&page_ceiling, NO_SCORE); }
  var highest = NO_SCORE;
  for (var size = scene.firstSize; size <= scene.lastSize; size++) {
    highest = max(highest, measure_at(slot, price, size));
  }
  ceilings[slot * PAGE_PRICES + price] = highest;
  workgroupBarrier();
  atomicMax(&page_ceiling, highest);
  workgroupBarrier();
  if (price == 0u) { ceilings[slots * PAGE_PRICES + slot] = atomicLoad(&page_ceiling); }
}
