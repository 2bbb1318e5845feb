import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { pass } from 'three/tsl'
import {
  AmbientLight,
  BoxGeometry,
  Color,
  ConeGeometry,
  DirectionalLight,
  GridHelper,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  RenderPipeline,
  Scene,
  WebGPURenderer,
} from 'three/webgpu'
import { calibrateTrades, RiskMap, rankHotspots, webgpuBackend } from 'voxrisk'
import { RiskBox } from './risk-box.js'
import { feed, yesterday } from './sample-feed.js'

const state = document.querySelector('#state')
const canvas = document.querySelector('canvas')

// One device for both: voxrisk writes the scores on it, three.js and the volume draw on it.
const adapter = await navigator.gpu?.requestAdapter()
if (!adapter) state.value = 'This example needs WebGPU.'
const device = await adapter.requestDevice()
const renderer = new WebGPURenderer({ canvas, device })
await renderer.init()

const backend = webgpuBackend(device)
const calibration = await calibrateTrades(yesterday(), { backend })
const map = await RiskMap.create({ backend, calibration, keepSlabs: 96 }) // 96 quarters of an hour: a day

const scene = new Scene()
scene.background = new Color(0x12151c)
scene.add(new AmbientLight(0xffffff, 1.2))
const sun = new DirectionalLight(0xffffff, 2)
sun.position.set(2, 4, 3)
scene.add(sun)
const floor = new GridHelper(4, 40, 0x39415a, 0x232938)
floor.position.y = -0.52
scene.add(floor)

const box = await RiskBox.create(device, map)
box.scale.set(1.6, 1, 0.8)
scene.add(box)

// An opaque sheet across the first half of the day: it hides the volume behind it and no other.
const sheet = new Mesh(new BoxGeometry(0.5, 1, 0.01), new MeshStandardMaterial({ color: 0x3f6ea8 }))
sheet.position.x = -0.25
box.add(sheet)

// Pins on the five highest hotspots.
const MOST_PINS = 5
const cone = new ConeGeometry(0.012, 0.06, 12).rotateX(Math.PI).translate(0, 0.05, 0)
const pins = Array.from(
  { length: MOST_PINS },
  () => new Mesh(cone, new MeshStandardMaterial({ color: 0x7fe0c8 })),
)
scene.add(...pins)
let hotspots = []

const camera = new PerspectiveCamera(30, 1, 0.1, 20)
camera.position.set(1.7, 1.2, 3.6)
const controls = new OrbitControls(camera, canvas)

// The scene is drawn with one sample a pixel, as the volume reads its depth.
const scenePass = pass(scene, camera, { samples: 0 })
const pipeline = new RenderPipeline(renderer, scenePass)

function draw() {
  for (const [rank, pin] of pins.entries()) {
    const place = hotspots[rank] && box.placeOf(hotspots[rank])
    pin.visible = Boolean(place)
    if (place) box.localToWorld(pin.position.set(...place))
  }
  pipeline.render()
  box.draw(renderer, camera, scenePass.renderTarget.depthTexture)
}

let isAskedFor = false
/** Nothing new, no frame. */
function redraw() {
  if (isAskedFor) return
  isAskedFor = true
  requestAnimationFrame(() => {
    isAskedFor = false
    draw()
  })
}

new ResizeObserver(
  ([
    {
      contentRect: { width, height },
    },
  ]) => {
    camera.aspect = width / height
    camera.updateProjectionMatrix()
    renderer.setPixelRatio(devicePixelRatio)
    renderer.setSize(width, height, false)
    redraw()
  },
).observe(canvas)
controls.addEventListener('change', redraw)
document.querySelector('#sheet').addEventListener('input', ({ target }) => {
  sheet.position.z = target.valueAsNumber
  redraw()
})

map.observe({
  onScores: redraw,
  onHotspots: more => {
    hotspots = rankHotspots([...hotspots, ...more]).slice(0, MOST_PINS)
    redraw()
  },
})

state.value = 'Trades are coming in'
for await (const ticks of feed(map.instrument)) await map.ingest(ticks)
await map.flush()
state.value = `${map.account.ingested.toLocaleString('en')} trades are in`
