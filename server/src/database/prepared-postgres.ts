import { Client } from 'pg'

// Each connection keeps what it prepared until it closes, here and in PostgreSQL.
const mostKept = 200

/**
 * A connection to PostgreSQL that has each statement parsed once. Unnamed ones are
 * parsed and planned anew with every query, which takes longer than running most of ours.
 */
export class PreparingClient extends Client {
  private readonly names = new Map<string, string>()

  // biome-ignore lint/suspicious/noExplicitAny: it can be called in as many ways as the original.
  override query(statement: any, values?: any, callback?: any): any {
    if (typeof statement !== 'string' || !Array.isArray(values)) {
      return super.query(statement, values, callback)
    }
    const name = this.nameOf(statement)
    const query = { text: statement, values, ...(name === undefined ? {} : { name }) }
    return super.query(query, callback)
  }

  private nameOf(text: string): string | undefined {
    const known = this.names.get(text)
    if (known !== undefined || this.names.size === mostKept) return known
    const name = `rekey_${this.names.size}`
    this.names.set(text, name)
    return name
  }
}
