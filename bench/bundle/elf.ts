/**
 * What a program or library for Linux x64 (ELF, 64 bits, little endian) needs from the machine it runs on.
 */

/** Section types of the ELF and GNU ABI specifications. */
const DYNAMIC = 6
const DYNAMIC_SYMBOLS = 11
const VERSIONS_NEEDED = 0x6ffffffe
const SYMBOL_VERSIONS = 0x6fffffff

const TAG_NEEDED = 1n
const SYMBOL_BYTES = 24
const DYNAMIC_ENTRY_BYTES = 16

export interface ElfNeeds {
  /** Libraries it needs at start, such as `libm.so.6`. */
  readonly libraries: readonly string[]
  /** Versions of their symbols, such as `GLIBC_2.34`. */
  readonly versions: readonly string[]
}

/** @throws {Error} when the bytes are not a 64-bit ELF file with section headers */
export function elfNeeds(bytes: Buffer): ElfNeeds {
  const sections = sectionsOf(bytes)
  const libraries: string[] = []
  for (const section of sections.filter(({ type }) => type === DYNAMIC)) {
    const strings = sections[section.link]!
    for (let at = section.offset; at < section.offset + section.size; at += DYNAMIC_ENTRY_BYTES)
      if (bytes.readBigUInt64LE(at) === TAG_NEEDED)
        libraries.push(textAt(bytes, strings.offset + Number(bytes.readBigUInt64LE(at + 8))))
  }
  return { libraries, versions: neededVersions(bytes, sections).map(({ name }) => name) }
}

/**
 * Replaces the required version of a symbol by an older one, in place. Both names must have the same length,
 * and no other symbol may need the newer version.
 * @returns whether there was anything to change
 * @throws {Error} when another symbol needs the newer version too
 */
export function askForOlderSymbol(bytes: Buffer, symbol: string, newer: string, older: string): boolean {
  const sections = sectionsOf(bytes)
  const version = neededVersions(bytes, sections).find(({ name }) => name === newer)
  if (!version) return false
  const symbols = sections.find(({ type }) => type === DYNAMIC_SYMBOLS)!
  const strings = sections[symbols.link]!
  const versions = sections.find(({ type }) => type === SYMBOL_VERSIONS)!
  const wanting: string[] = []
  for (let i = 0; i < symbols.size / SYMBOL_BYTES; i++)
    if (bytes.readUInt16LE(versions.offset + 2 * i) === version.index)
      wanting.push(textAt(bytes, strings.offset + bytes.readUInt32LE(symbols.offset + SYMBOL_BYTES * i)))
  if (wanting.length !== 1 || wanting[0] !== symbol || newer.length !== older.length)
    throw new Error(`${newer} is needed by ${wanting.join(', ')}, not by ${symbol} alone`)
  bytes.write(older, version.nameAt, 'latin1')
  bytes.writeUInt32LE(versionHash(older), version.hashAt)
  return true
}

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

function sectionsOf(bytes: Buffer): Section[] {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
    throw new Error('not a 64-bit little-endian ELF file')
  const table = Number(bytes.readBigUInt64LE(0x28))
  const entryBytes = bytes.readUInt16LE(0x3a)
  const entries = bytes.readUInt16LE(0x3c)
  if (entries === 0) throw new Error('the ELF file has no section headers')
  return Array.from({ length: entries }, (_, i) => {
    const at = table + i * entryBytes
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 0x18)),
      size: Number(bytes.readBigUInt64LE(at + 0x20)),
      link: bytes.readUInt32LE(at + 0x28),
    }
  })
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at))
}

interface NeededVersion {
  readonly name: string
  /** Its index in `.gnu.version`. */
  readonly index: number
  readonly nameAt: number
  readonly hashAt: number
}

/** Walks `.gnu.version_r`: a list of libraries, each with a list of versions. */
function neededVersions(bytes: Buffer, sections: readonly Section[]): NeededVersion[] {
  const section = sections.find(({ type }) => type === VERSIONS_NEEDED)
  if (!section) return []
  const strings = sections[section.link]!
  const found: NeededVersion[] = []
  let library = section.offset
  for (;;) {
    let version = library + bytes.readUInt32LE(library + 8)
    for (let i = bytes.readUInt16LE(library + 2); i > 0; i--) {
      const nameAt = strings.offset + bytes.readUInt32LE(version + 8)
      found.push({
        name: textAt(bytes, nameAt),
        index: bytes.readUInt16LE(version + 6),
        nameAt,
        hashAt: version,
      })
      version += bytes.readUInt32LE(version + 12)
    }
    const next = bytes.readUInt32LE(library + 12)
    if (next === 0) return found
    library += next
  }
}

/** The hash of a version's name (System V ABI, "Hash Table"). */
function versionHash(name: string): number {
  let hash = 0
  for (const character of Buffer.from(name, 'latin1')) {
    hash = ((hash << 4) + character) >>> 0
    const high = hash & 0xf0000000
    hash = (hash ^ (high >>> 24) ^ high) >>> 0
  }
  return hash
}
