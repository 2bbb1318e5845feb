import { fileFromBlob, openTrades, type TradeFile, type TradeSource, VoxriskError } from 'voxrisk'
import { tradesBySymbol } from 'voxrisk/read'
import { counted } from 'voxrisk/report'
import { element } from './elements.ts'

/** The source that the visitor wants to see. */
export interface Choice {
  /** For display. */
  readonly name: string
  readonly open: () => Promise<TradeSource>
}

/**
 * Watches for files from the input or dropped anywhere on the document.
 * @param onFiles never gets an empty list
 */
export function watchFiles(onFiles: (files: readonly File[]) => void): void {
  const input = element('file', HTMLInputElement)
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = '' // so that the same file can be chosen again
    if (files.length > 0) onFiles(files)
  })
  const target = element('drop', HTMLDivElement)
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  addEventListener('dragover', event => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    target.hidden = false
  })
  addEventListener('dragleave', event => {
    if (event.relatedTarget === null) target.hidden = true
  })
  addEventListener('drop', event => {
    target.hidden = true
    if (!carriesFiles(event)) return
    event.preventDefault()
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length > 0) onFiles(files)
  })
}

/** The files as one stream of trades, limited to one symbol if given. */
export function tradesOf(files: readonly File[], symbol?: string): Choice {
  const names = files.map(file => file.name)
  return {
    name: names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(', '),
    open: () => openTrades(tradeFiles(files), symbol === undefined ? {} : { symbol }),
  }
}

/** Whether an error means that the visitor has to choose a symbol. */
export function wantsSymbol(error: unknown): boolean {
  return error instanceof VoxriskError && error.code === 'several-symbols'
}

/**
 * Lets the visitor choose one of the symbols in the files.
 * @returns null if there is nothing to choose from
 * @throws {DOMException} `AbortError` if the visitor cancels
 */
export async function chooseSymbol(files: readonly File[]): Promise<string | null> {
  const symbols = await tradesBySymbol(tradeFiles(files))
  if (symbols.length === 0) return null
  const form = element('symbols', HTMLFormElement)
  const select = element('symbol', HTMLSelectElement)
  const close = element('symbols-close', HTMLButtonElement)
  select.replaceChildren(
    ...symbols.map(({ symbol, trades }) => new Option(`${symbol}, ${counted(trades, 'trade')}`, symbol)),
  )
  form.hidden = false
  select.focus()
  return new Promise((resolve, reject) => {
    const end = () => {
      form.hidden = true
      form.onsubmit = null
      close.onclick = null
    }
    form.onsubmit = event => {
      event.preventDefault()
      end()
      resolve(select.value)
    }
    close.onclick = () => {
      end()
      reject(new DOMException('no symbol chosen', 'AbortError'))
    }
  })
}

function tradeFiles(files: readonly File[]): TradeFile[] {
  return files.map(file => fileFromBlob(file, file.name))
}
