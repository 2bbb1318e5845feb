// Made from schemas/symbol-list.schema.json by `npm run formats`: change the schema, not this file.

/**
 * The symbols in files of several symbols: the output of `voxrisk inspect --json` when no symbol is
 * requested.
 */
export interface SymbolList {
  /** Symbols, those with the most trades first. */
  readonly symbols: readonly SymbolTrades[]
}

/** A symbol and its number of trades. */
export interface SymbolTrades {
  /** Symbol, as spelled by the feed. */
  readonly symbol: string
  /** Number of trades. Integer, 0 or more. */
  readonly trades: number
}
