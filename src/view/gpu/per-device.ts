/**
 * Makes something once for each device and name, and keeps it as long as the device lives: pipelines are slow to make. What fails
 * is tried again at the next call.
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
