/**
 * Prints the adapter that Dawn finds with the driver in the environment, for run.sh: one line on stdout. Exit
 * status 0 for a GPU, 4 for a software adapter, 3 for none, 5 if Dawn itself cannot be loaded.
 */
const exit = (status, line) => {
  console.log(line)
  process.exit(status) // exit at once, because Dawn crashes if it is garbage-collected late
}

let dawn
try {
  dawn = (await import('webgpu')).create([])
} catch (error) {
  exit(5, error.message.split('\n')[0])
}
const adapter = await dawn.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
if (!adapter) exit(3, 'none')
const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
const name = [...new Set([vendor, architecture, device, description])].filter(Boolean).join(', ')
const software = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|software/i.test(name)
exit(software ? 4 : 0, software ? `${name} (software)` : name)
