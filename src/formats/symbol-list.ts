// Made from schemas/symbol-list.schema.json by `npm run formats`: change the schema, not this file.

/** What files of several symbols hold: the output of `voxrisk inspect --json` when no symbol is asked for. */
export interface SymbolList {
  /** Symbols, those with most trades first. */
  readonly symbols: readonly SymbolTrades[]
}

/** A symbol and how many trades of it there are. */
export interface SymbolTrades {
  /** Symbol, as the feed spells it. */
  readonly symbol: string
  /** Trades of it. Integer, 0 or more. */
  readonly trades: number
}
