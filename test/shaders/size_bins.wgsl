// The size bin of every size.
import package::layer::bin::size_bin;

@group(0) @binding(4) var<storage, read> sizes: array<u32>;
@group(0) @binding(5) var<storage, read_write> bins: array<u32>;

@compute @workgroup_size(64)
fn size_bins(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&sizes)) { bins[id.x] = size_bin(sizes[id.x]); }
}
