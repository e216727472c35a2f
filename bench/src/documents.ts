import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationTypeNode,
} from 'graphql'
import { type Chance, hostileText } from './hostile.js'

/** The body of a request to /graphql, before it is converted to JSON. */
export interface Body {
  query: unknown
  variables?: unknown
  operationName?: unknown
  extensions?: unknown
}

// These would end sessions that other requests need, or call the internet.
const leftOut = new Set(['logOut', 'endOtherSessions', 'endSession'])

const maxDepth = 5

/** Generates valid and broken operations for a schema. */
export class DocumentMaker {
  private variables: Record<string, unknown> = {}
  private declared: string[] = []
  private fragments: string[] = []
  // The maximum length of a text in a document. Otherwise most bodies would be too large to be
  // read.
  private maxTextLength = 0

  /** @param known texts with a meaning, such as ids and logins. */
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chance: Chance,
    private readonly known: readonly string[],
  ) {}

  make(): Body {
    this.variables = {}
    this.declared = []
    this.fragments = []
    const { chance } = this
    this.maxTextLength = chance.pick([100, 300, 300, 1_100, 5_000, 20_000, 90_000])
    const kind = (chance.is(0.5) ? 'query' : 'mutation') as OperationTypeNode
    const root = this.schema.getRootType(kind)
    const fields = Object.values(root?.getFields() ?? {}).filter(({ name }) => !leftOut.has(name))
    const count = chance.is(0.05) ? 12 : 1 + chance.below(4)
    const selections = Array.from({ length: count }, (_, index) =>
      this.field(chance.pick(fields), `a${index}`, 0),
    )
    const set =
      chance.is(0.1) && root ? this.fragment(root.name, selections.join(' ')) : selections.join(' ')
    const name = chance.is(0.2) ? this.name() : ''
    const declared = this.declared.length > 0 ? `(${this.declared.join(', ')})` : ''
    const query = [`${kind} ${name}${declared} { ${set} }`, ...this.fragments].join('\n')
    const body: Body = { query, variables: this.variables }
    if (chance.is(0.1)) body.operationName = chance.is(0.5) ? name : this.text()
    return chance.is(0.2) ? this.broken(body) : body
  }

  private text(): string {
    return hostileText(this.chance, this.maxTextLength)
  }

  private name(): string {
    const { chance } = this
    return chance.is(0.9) ? `N${chance.below(1_000)}` : 'N'.repeat(1 + chance.below(3_000))
  }

  private fragment(type: string, selections: string): string {
    const name = `f${this.fragments.length}`
    this.fragments.push(`fragment ${name} on ${type} { ${selections} }`)
    return Array(1 + this.chance.below(3))
      .fill(`...${name}`)
      .join(' ')
  }

  private field(field: GraphQLField<unknown, unknown>, alias: string, depth: number): string {
    const args = field.args
      .filter(({ type }) => isNonNullType(type) || this.chance.is(0.5))
      .map(argument => `${argument.name}: ${this.argument(argument)}`)
    const argumentList = args.length > 0 ? `(${args.join(', ')})` : ''
    const directive = this.chance.is(0.03) ? ' @include(if: true)' : ''
    return `${alias}: ${field.name}${argumentList}${directive}${this.selections(field.type, depth + 1)}`
  }

  private selections(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type)
    if (isLeafType(named)) return ''
    const { chance } = this
    if (isAbstractType(named)) {
      const possible = this.schema.getPossibleTypes(named)
      const one = chance.pick(possible)
      return ` { __typename ... on ${one.name}${this.selections(one, depth)} }`
    }
    if (!isObjectType(named)) return ''
    const fields = Object.values(named.getFields()).filter(
      ({ type: inner }) => depth < maxDepth || isLeafType(getNamedType(inner)),
    )
    if (fields.length === 0) return ' { __typename }'
    const count = 1 + chance.below(chance.is(0.1) ? 20 : 5)
    const chosen = Array.from({ length: count }, (_, index) =>
      this.field(chance.pick(fields), `b${index}`, depth),
    )
    return ` { ${chosen.join(' ')} }`
  }

  private argument({ type }: GraphQLArgument): string {
    if (this.chance.is(0.3)) return this.literal(type)
    const name = this.chance.is(0.97) ? `v${this.declared.length}` : `v${this.name()}`
    this.declared.push(`$${name}: ${type}`)
    this.variables[name] = this.value(type)
    return `$${name}`
  }

  /** A JSON value, usually one that fits the type. */
  private value(type: GraphQLInputType): unknown {
    const { chance } = this
    if (chance.is(0.03)) return this.anything(0)
    if (isNonNullType(type)) return this.value(type.ofType)
    if (chance.is(0.1)) return null
    if (isListType(type)) {
      const item = this.value(type.ofType)
      // Repeats one value: as many different ones would be too long for the body.
      const isShort = typeof item !== 'object' && String(item).length <= 20
      return Array(isShort && chance.is(0.2) ? chance.below(5_000) : chance.below(4)).fill(item)
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        field => isNonNullType(field.type) || chance.is(0.5),
      )
      return Object.fromEntries(fields.map(field => [field.name, this.value(field.type)]))
    }
    if (isEnumType(type)) {
      return chance.is(0.9) ? chance.pick(type.getValues()).name : this.text()
    }
    switch (type.name) {
      case 'Int':
        return chance.pick([0, 1, 25, 100, 101, -1, 2_147_483_648, 1.5, 1e300])
      case 'Boolean':
        return chance.is(0.5)
      case 'JSON':
        return this.anything(0)
      case 'DateTimeISO':
        return chance.is(0.5) ? new Date().toISOString() : this.text()
      default:
        return chance.is(0.3) ? chance.pick(this.known) : this.text()
    }
  }

  private anything(depth: number): unknown {
    const { chance } = this
    switch (chance.below(depth > 4 ? 4 : 7)) {
      case 0:
        return null
      case 1:
        return chance.next() * 1e9
      case 2:
        return this.text()
      case 3:
        return chance.is(0.5)
      case 4:
        return Array(chance.below(20)).fill(this.anything(depth + 3))
      case 5:
        return JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)
      default:
        return Object.fromEntries(
          Array.from({ length: chance.below(6) }, () => [
            hostileText(chance, 100),
            this.anything(depth + 2),
          ]),
        )
    }
  }

  private literal(type: GraphQLInputType): string {
    return literalOf(
      this.value(type),
      getNamedType(type) !== undefined && isEnumType(getNamedType(type)),
    )
  }

  private broken(body: Body): Body {
    const { chance } = this
    const text = String(body.query)
    const at = chance.below(text.length)
    switch (chance.below(9)) {
      case 0:
        return { ...body, query: text.slice(0, at) }
      case 1:
        return { ...body, query: text.slice(0, at) + this.text() + text.slice(at) }
      case 2:
        return { ...body, query: text.slice(0, at) + text.slice(at + 1 + chance.below(8)) }
      case 3:
        return { ...body, query: this.text() }
      case 4:
        return { ...body, query: this.anything(0) }
      case 5:
        return { ...body, variables: this.anything(0) }
      case 6: {
        const nested = chance.pick([
          '{a',
          '[',
          '{a(b:',
          '{a(b:[',
          '{a(b:{c:',
          '{...{',
          '{...on Query{',
        ])
        return { ...body, query: nested.repeat(1 + chance.below(1_500)) }
      }
      case 7: {
        const repeated = chance.pick([
          'viewer{id}',
          'a:viewer{id}',
          'users{totalCount}',
          '...f',
          '@a',
          '__typename',
        ])
        return { ...body, query: `{${`${repeated} `.repeat(1 + chance.below(800))}}` }
      }
      default: {
        const hash = {
          version: chance.is(0.8) ? 1 : this.anything(0),
          sha256Hash: this.text(),
        }
        return { ...body, extensions: { persistedQuery: chance.is(0.8) ? hash : this.anything(0) } }
      }
    }
  }
}

/** Writes JSON as a GraphQL literal. */
const literalOf = (value: unknown, isEnum: boolean): string => {
  if (Array.isArray(value))
    return `[${value
      .slice(0, 200)
      .map(item => literalOf(item, isEnum))
      .join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => {
      const isName = /^[A-Z_]+$/.test(String(part)) && part !== ''
      return `${name}: ${isName ? String(part) : literalOf(part, false)}`
    })
    return `{${parts.join(', ')}}`
  }
  return isEnum && typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
}
