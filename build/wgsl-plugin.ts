/**
 * Makes `import shader from './step.wgsl?layer=trades'` work. Links the shader with the modules it imports
 * (WESL imports, by name) and with the layer's modules and numbers. Reads bindings and struct layouts from
 * the linked WGSL, so that no layout is typed twice. Shaders that do not depend on a layer are imported
 * without one.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { link } from 'wesl'
// The package's main entry is CommonJS for browsers. Node can import this module.
import { type StructInfo, type VariableInfo, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js'
import type { BindingKind, Shader, StructLayout } from '../src/engine/shader.ts'
import { LAYERS, type LinkedLayer } from './layers.ts'

/** Kind of a resource. Buffer kinds are named as in WebGPU's bind group layout. */
function bindingKind(variable: VariableInfo): BindingKind {
  const space = `${variable.resourceType}`
  if (space === '0') return 'uniform'
  if (space === '1') return variable.access === 'read' ? 'read-only-storage' : 'storage'
  if (variable.type.name === 'texture_depth_2d') return 'depth-texture'
  throw new Error(
    `binding ${variable.name}: only uniform and storage buffers and depth textures are supported`,
  )
}

/** 4-byte numbers, alone or packed without gaps: the host can write these without further information. */
const PACKED = /^((u32|i32|f32|vec[24][uf])|array<(u32|i32|f32|vec4u|vec4f), ?\d+>|mat4x4f)$/
const FLOAT = /f32|vec[24]f|mat4x4f/

/** Byte offset and size of every field. null for a struct that the host cannot write and only WGSL uses. */
function structLayout(struct: StructInfo): StructLayout | null {
  if (!struct.members.every(member => PACKED.test(member.type.getTypeName()))) return null
  const fields: Record<string, { offset: number; size: number; float?: true }> = {}
  for (const { name, offset, size, type } of struct.members) {
    fields[name] = { offset, size, ...(FLOAT.test(type.getTypeName()) ? { float: true } : {}) }
  }
  return { name: struct.name, size: struct.size, fields }
}

/** Folder of shader modules imported by name, besides the shader's own folder. */
const MODULES = join(import.meta.dirname, '..', 'shaders')

async function readModules(folder: string, prefix: string): Promise<[string, string][]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.wgsl'))
  return Promise.all(
    names.map(
      async name => [`${prefix}${name}`, await readFile(join(folder, name), 'utf8')] as [string, string],
    ),
  )
}

/** Links one shader and reads its interface. */
async function compileShader(
  file: string,
  layerName: string | null,
  layers: Readonly<Record<string, LinkedLayer>>,
): Promise<Shader> {
  const layer = layerName === null ? undefined : layers[layerName]
  if (layerName !== null && !layer) throw new Error(`${file}: there is no layer ${layerName}`)
  const name = basename(file, '.wgsl')
  const ofLayer = layer && dirname(file) === layer.folder
  const linked = await link({
    packageName: 'voxrisk',
    rootModuleName: ofLayer ? `layer/${name}` : name,
    weslSrc: Object.fromEntries([
      ...(await readModules(MODULES, '')),
      ...(ofLayer ? [] : await readModules(dirname(file), '')),
      ...(layer ? await readModules(layer.folder, 'layer/') : []),
    ]),
    ...(layer && { constants: layer.constants }),
  })
  const code = linked.dest.trim()
  const reflected = new WgslReflect(code)

  const bindings: Shader['bindings'] = {}
  const structs: Shader['structs'] = {}
  for (const variable of reflected.getBindGroups().flat()) {
    if (!variable) continue
    if (variable.group !== 0) throw new Error(`${name}.wgsl: ${variable.name} is not in group 0`)
    bindings[variable.name] = { binding: variable.binding, kind: bindingKind(variable) }
  }
  for (const struct of reflected.structs) {
    const layout = structLayout(struct)
    if (layout) structs[struct.name] = layout
  }
  const { compute, vertex, fragment } = reflected.entry
  const [computes, draws] = [compute.length, vertex.length + fragment.length]
  if (computes > 1 || vertex.length > 1 || fragment.length > 1 || computes + draws / 2 !== 1)
    throw new Error(`${name}.wgsl: needs one compute entry, or one vertex and one fragment entry`)
  const entryPoints: Shader['entryPoints'] =
    computes === 1 ? { compute: compute[0].name } : { vertex: vertex[0].name, fragment: fragment[0].name }
  return { name, code, entryPoints, bindings, structs }
}

/** @param layers the layers that imports may name */
export function wgsl(layers: Readonly<Record<string, LinkedLayer>> = LAYERS): Plugin {
  return {
    name: 'voxrisk:wgsl',
    async load(id) {
      const [file, query] = id.split('?')
      if (!file.endsWith('.wgsl')) return null
      for (const name of await readdir(MODULES)) {
        if (name.endsWith('.wgsl')) this.addWatchFile(join(MODULES, name))
      }
      const shader = await compileShader(file, new URLSearchParams(query).get('layer'), layers)
      return { code: `export default ${JSON.stringify(shader)}`, moduleType: 'js' }
    },
  }
}
