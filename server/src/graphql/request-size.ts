import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isIntrospectionType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql'
import { defaultsOf, fragmentsOf } from './document-parts.js'
import { defaultPageSize, maxPageSize } from './keyset-page.js'

/** The measured size of an operation. */
export interface RequestSize {
  /** The maximum depth of nested fields. */
  readonly DEPTH: number
  readonly ALIASES: number
  readonly DIRECTIVES: number
  readonly ROOT_FIELDS: number
  /**
   * 1 for each field, 10 more for JSON such as metadata, 2,000 more for a search. Fields of a page's
   * items count as many times as the page may have items.
   */
  readonly COST: number
  /** The same for introspection. Its lists count with their average length. */
  readonly INTROSPECTION: number
}

/** What a selection set adds to the field it belongs to. */
interface Part {
  depth: number
  aliases: number
  directives: number
  /** Fields in the set itself or in its fragments. */
  fields: number
  /** The cost that does not depend on the page size. */
  fixed: number
  /** The cost of each item, if the field is a page. */
  perItem: number
  /** The cost of introspection. */
  introspection: number
  /** The cost of each type in possibleTypes. The parent field knows how many there are. */
  perPossibleType: number
}

// Fragments that double each other reach numbers without any meaning.
const maxSum = 1_000_000_000

const sum = (one: number, other: number): number => Math.min(one + other, maxSum)

type Variables = Readonly<Record<string, unknown>>

const clamp = (size: number): number => Math.min(Math.max(size, 0), maxPageSize)

/** The page size, or the number of ids, that was sent in a variable; undefined if its default applies. */
const sizeSent = (variables: Variables, name: string): number | null | undefined => {
  if (!Object.hasOwn(variables, name)) return undefined
  const sent = variables[name]
  if (sent === null || sent === undefined) return null
  if (Array.isArray(sent)) return clamp(sent.length)
  return Number.isInteger(sent) ? clamp(sent as number) : maxPageSize
}

class Measuring {
  /** The variables that the result depends on. */
  readonly sizeVariables = new Set<string>()
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly parts = new Map<FragmentDefinitionNode, Part>()
  private readonly defaults: ReadonlyMap<string, ValueNode | undefined>

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    private readonly variables: Variables,
  ) {
    this.fragments = fragmentsOf(document)
    this.defaults = defaultsOf(operation)
  }

  partOf(set: SelectionSetNode | undefined, parent: GraphQLNamedType | undefined): Part {
    const part: Part = {
      depth: 0,
      aliases: 0,
      directives: 0,
      fields: 0,
      fixed: 0,
      perItem: 0,
      introspection: 0,
      perPossibleType: 0,
    }
    for (const selection of set?.selections ?? []) {
      let inner: Part
      if (selection.kind === Kind.FIELD) {
        inner = this.fieldPart(selection, parent)
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        inner = this.fragmentPart(selection.name.value)
      } else {
        const condition = selection.typeCondition?.name.value
        const type = condition === undefined ? parent : this.schema.getType(condition)
        inner = this.partOf(selection.selectionSet, type)
      }
      part.depth = Math.max(part.depth, inner.depth)
      part.aliases = sum(part.aliases, inner.aliases)
      part.directives = sum(part.directives, inner.directives)
      part.directives = sum(part.directives, selection.directives?.length ?? 0)
      part.fields = sum(part.fields, inner.fields)
      part.fixed = sum(part.fixed, inner.fixed)
      part.perItem = sum(part.perItem, inner.perItem)
      part.introspection = sum(part.introspection, inner.introspection)
      part.perPossibleType = sum(part.perPossibleType, inner.perPossibleType)
    }
    return part
  }

  // Measures each fragment once, however often it is spread. Otherwise a chain of fragments that
  // spread each other twice would take time that doubles with each fragment.
  private fragmentPart(name: string): Part {
    const fragment = this.fragments.get(name)
    if (fragment === undefined) return this.partOf(undefined, undefined)
    const cached = this.parts.get(fragment)
    if (cached !== undefined) return cached
    const type = this.schema.getType(fragment.typeCondition.name.value)
    const part = this.partOf(fragment.selectionSet, type)
    part.directives = sum(part.directives, fragment.directives?.length ?? 0)
    this.parts.set(fragment, part)
    return part
  }

  private fieldPart(node: FieldNode, parent: GraphQLNamedType | undefined): Part {
    const field = fieldOf(parent, node.name.value)
    const inner = this.partOf(node.selectionSet, field && getNamedType(field.type))
    const part = {
      depth: inner.depth + 1,
      aliases: sum(inner.aliases, node.alias === undefined ? 0 : 1),
      directives: inner.directives,
      fields: 1,
      introspection: inner.introspection,
      perPossibleType: 0,
    }
    const own =
      weightOf(node) + (isSearch(node) ? searchCost : 0) + (holdsJson(field) ? jsonCost : 0)
    if (field !== undefined && isIntrospection(field, parent)) {
      const { items, possibleTypes } = introspectionSizesOf(this.schema)
      const itself = sum(inner.fixed, (possibleTypes[field.name] ?? 1) * inner.perPossibleType)
      if (field.name === 'possibleTypes') {
        return { ...part, fixed: own, perItem: 0, perPossibleType: itself }
      }
      const cost = sum(own, (items[field.name] ?? 1) * itself)
      const isRoot = field === SchemaMetaFieldDef || field === TypeMetaFieldDef
      return isRoot
        ? { ...part, fixed: own, perItem: 0, introspection: cost }
        : { ...part, fixed: cost, perItem: 0 }
    }
    if (field !== undefined && isLookUp(field)) {
      // Nothing around this list multiplies its items, so they are counted here.
      const each = sum(inner.fixed, inner.perItem)
      return { ...part, fixed: sum(own, this.lookUpSize(node) * each), perItem: 0 }
    }
    const items = isPage(field) ? this.pageSize(node) : 1
    const cost = sum(sum(own, inner.fixed), items * inner.perItem)
    // The list within a page contains its items.
    const isList = field !== undefined && isListType(getNullableType(field.type))
    return { ...part, fixed: isList ? own : cost, perItem: isList ? cost - own : 0 }
  }

  private pageSize(node: FieldNode): number {
    const sizes = ['first', 'last'].flatMap(name => {
      const argument = node.arguments?.find(one => one.name.value === name)
      return argument === undefined ? [] : (this.sizeOf(argument.value) ?? [])
    })
    return sizes.length === 0 ? defaultPageSize : Math.max(...sizes)
  }

  /** The number of ids to look up. */
  private lookUpSize(node: FieldNode): number {
    const ids = node.arguments?.find(({ name }) => name.value === 'ids')?.value
    // A single id is a list of one.
    if (ids?.kind !== Kind.LIST && ids?.kind !== Kind.VARIABLE) return 1
    return this.sizeOf(ids) ?? 0
  }

  /**
   * Undefined if no size is given. An invalid size is rejected later, and counts as the maximum
   * here.
   */
  private sizeOf(value: ValueNode | undefined): number | undefined {
    if (value === undefined || value.kind === Kind.NULL) return undefined
    if (value.kind === Kind.INT) return clamp(Number(value.value))
    if (value.kind === Kind.LIST) return clamp(value.values.length)
    if (value.kind !== Kind.VARIABLE) return maxPageSize
    const name = value.name.value
    this.sizeVariables.add(name)
    const sent = sizeSent(this.variables, name)
    return sent === undefined ? this.sizeOf(this.defaults.get(name)) : (sent ?? undefined)
  }
}

const isIntrospection = (
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLNamedType | undefined,
): boolean =>
  field === SchemaMetaFieldDef ||
  field === TypeMetaFieldDef ||
  (parent !== undefined && isIntrospectionType(parent))

/** 1 or more, by length: the answer repeats the name of a field as often as the field occurs. */
const weightOf = (node: FieldNode): number => Math.ceil((node.alias ?? node.name).value.length / 32)

// A search among many users reads thousands of rows, however small the page is.
const searchCost = 2_000

/** Whether a field searches. A variable counts as a search, whatever its value. */
const isSearch = (node: FieldNode): boolean =>
  node.arguments?.some(({ name, value }) => name.value === 'search' && value.kind !== Kind.NULL) ===
  true

// Metadata has up to 4 KB, as much as many other fields together.
const jsonCost = 10

/** Whether the value of a field is JSON of any form. */
const holdsJson = (field: GraphQLField<unknown, unknown> | undefined): boolean =>
  field !== undefined && ['JSON', 'JSONObject'].includes(getNamedType(field.type).name)

interface IntrospectionSizes {
  /** The number of items of each field. */
  readonly items: Readonly<Record<string, number>>
  /** The number of possible types of each item of a field. */
  readonly possibleTypes: Readonly<Record<string, number>>
}

const introspectionSizes = new WeakMap<GraphQLSchema, IntrospectionSizes>()

/**
 * The number of items of each introspection field. It is the average over all types, because an
 * introspection query reads all of them. A query for a single type may ask for the largest.
 */
const introspectionSizesOf = (schema: GraphQLSchema): IntrospectionSizes => {
  const cached = introspectionSizes.get(schema)
  if (cached !== undefined) return cached
  const types = Object.values(schema.getTypeMap())
  const counts = types.map(type => ({
    fields: 'getFields' in type ? Object.keys(type.getFields()).length : 0,
    enumValues: isEnumType(type) ? type.getValues().length : 0,
    interfaces: 'getInterfaces' in type ? type.getInterfaces().length : 0,
    possibleTypes: isAbstractType(type) ? schema.getPossibleTypes(type).length : 0,
  }))
  const of = (name: keyof (typeof counts)[number]) => counts.map(count => count[name])
  const averageOf = (name: keyof (typeof counts)[number], among: number = types.length) =>
    Math.ceil(of(name).reduce((total, count) => total + count, 0) / Math.max(among, 1))
  const maxOf = (name: keyof (typeof counts)[number]) => Math.max(...of(name))
  const fields = averageOf('fields')
  const largest = Math.ceil(maxOf('fields') / fields)
  const perAbstract = averageOf('possibleTypes', types.filter(isAbstractType).length)
  const items = {
    types: types.length,
    directives: schema.getDirectives().length,
    fields,
    // Fields of input types are already counted in `fields`.
    inputFields: 1,
    enumValues: averageOf('enumValues'),
    interfaces: averageOf('interfaces'),
    __type: largest,
    queryType: largest,
    mutationType: largest,
    subscriptionType: largest,
  }
  const possibleTypes = {
    types: averageOf('possibleTypes'),
    // The largest interfaces belong to most types.
    interfaces: maxOf('possibleTypes'),
    __type: maxOf('possibleTypes'),
    type: perAbstract,
    ofType: perAbstract,
  }
  const sizes = { items, possibleTypes }
  introspectionSizes.set(schema, sizes)
  return sizes
}

const isPage = (field: GraphQLField<unknown, unknown> | undefined): boolean =>
  field?.args.some(({ name }) => name === 'first') === true

/** Whether a field finds a list of objects by their ids. */
const isLookUp = (field: GraphQLField<unknown, unknown>): boolean =>
  isListType(getNullableType(field.type)) && field.args.some(({ name }) => name === 'ids')

const fieldOf = (
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined => {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  if (parent === undefined || !('getFields' in parent)) return undefined
  const field = parent.getFields()[name]
  return field !== undefined && 'args' in field ? field : undefined
}

interface Measured {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  /** The values that were sent for its page sizes. */
  readonly sizes: ReadonlyMap<string, number | null | undefined>
  readonly result: RequestSize
}

// The last result of each operation. Repeated operations are the same objects, because documents
// are cached, and they usually have the same page sizes.
const measured = new WeakMap<OperationDefinitionNode, Measured>()

/**
 * Measures one operation of a valid document. The fragments count as often as they are spread.
 *
 * @param variables as they were sent. They may not fit their types.
 */
export const measure = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): RequestSize => {
  const cached = measured.get(operation)
  if (cached?.schema === schema && cached.document === document) {
    const isSame = [...cached.sizes].every(([name, size]) => sizeSent(variables, name) === size)
    if (isSame) return cached.result
  }
  const measuring = new Measuring(schema, document, operation, variables)
  const root = schema.getRootType(operation.operation)
  const part = measuring.partOf(operation.selectionSet, root ?? undefined)
  const ownDirectives = [operation, ...(operation.variableDefinitions ?? [])].map(
    node => node.directives?.length ?? 0,
  )
  const result = {
    DEPTH: part.depth,
    ALIASES: part.aliases,
    DIRECTIVES: ownDirectives.reduce(sum, part.directives),
    ROOT_FIELDS: part.fields,
    COST: sum(part.fixed, part.perItem),
    INTROSPECTION: part.introspection,
  }
  const sizes = new Map([...measuring.sizeVariables].map(name => [name, sizeSent(variables, name)]))
  measured.set(operation, { schema, document, sizes, result })
  return result
}
