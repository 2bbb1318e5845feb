/**
 * Makes something once per device and name and keeps it as long as the device: pipelines are slow to create.
 * After a failure the next call tries again.
 */
export function oncePerDevice<Name, Made>(
  make: (device: GPUDevice, name: Name) => Promise<Made>,
): (device: GPUDevice, name: Name) => Promise<Made> {
  const devices = new WeakMap<GPUDevice, Map<Name, Promise<Made>>>()
  return (device, name) => {
    const names = devices.get(device) ?? new Map<Name, Promise<Made>>()
    devices.set(device, names)
    const made = names.get(name) ?? make(device, name)
    names.set(name, made)
    made.catch(() => names.delete(name))
    return made
  }
}
