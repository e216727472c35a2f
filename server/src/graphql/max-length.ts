import {
  type ASTNode,
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { Directive } from 'type-graphql'
import { defaultsOf, fragmentsOf } from './document-parts.js'

/**
 * The maximum length of a String input field or argument in UTF-16 code units; for a list, the
 * limit of each item. The server checks it before it validates, normalizes or stores the text.
 *
 * If the payload has its own error for a text that is too long, such as `InvalidField`, choose a
 * number well above that limit, so that users still get the payload's explanation.
 */
export const MaxLength = (
  maxLength: number,
): PropertyDecorator & MethodDecorator & ParameterDecorator =>
  Directive(`@${directive}(of: ${maxLength})`)

const directive = 'maxLength'

/** Limits of scalars that have the same form everywhere. A String needs {@link MaxLength}. */
const maxLengthOfType: Readonly<Record<string, number | null>> = {
  ID: 100,
  DateTimeISO: 100,
  // All texts, names and values in it together. A passkey with its certificates has a few thousand.
  // Metadata is shorter, and the payload reports if it is too long.
  JSON: 20_000,
  JSONObject: 20_000,
  // Not text.
  Boolean: null,
  Float: null,
  Int: null,
}

/**
 * The limit of a text where the type expects no text, such as for a number or an enum. No enum
 * value is longer.
 */
const maxLengthOfOthers = 100

type Input = GraphQLArgument | GraphQLInputField

const declaredMaxLength = ({ astNode }: Input): number | undefined => {
  const found = astNode?.directives?.find(({ name }) => name.value === directive)
  const value = found?.arguments?.[0]?.value
  return value?.kind === Kind.INT ? Number(value.value) : undefined
}

const maxLengthOf = (input: Input): number =>
  (input.extensions.maxLength as number | undefined) ?? maxLengthOfOthers

/** All input fields and arguments of a schema, with their names. */
export function* inputsOf(schema: GraphQLSchema): Generator<readonly [string, Input]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        yield [`${type.name}.${field.name}`, field]
    }
    if (isObjectType(type)) {
      for (const { name, args } of Object.values(type.getFields())) {
        for (const argument of args) yield [`${type.name}.${name}(${argument.name})`, argument]
      }
    }
  }
}

/**
 * Writes the limit of each text into its `extensions` and its description.
 *
 * @throws if a String has no {@link MaxLength}, or if a scalar is not listed here.
 */
export const boundInputs = (schema: GraphQLSchema): void => {
  for (const [name, input] of inputsOf(schema)) {
    const type = getNamedType(input.type)
    if (isInputObjectType(type) || isEnumType(type)) continue
    const maxLength = declaredMaxLength(input) ?? maxLengthOfType[type.name]
    if (maxLength === null) continue
    if (maxLength === undefined) {
      throw new Error(`${name} has no maximum length: add @MaxLength (graphql/max-length.ts).`)
    }
    input.extensions = { ...input.extensions, maxLength }
    input.description = `${input.description ?? ''} Maximum length: ${maxLength.toLocaleString('en')} characters; a longer value returns \`BAD_USER_INPUT\`.`
  }
}

/** A text that is too long, and its place, such as `input.login`. */
export interface TooLong {
  readonly path: readonly string[]
  readonly allowed: number
  readonly found: number
}

/** The result of checking the inputs of an operation. */
interface InputFindings {
  /** The first text that exceeds its limit. */
  readonly tooLong: TooLong | null
  /** Fields in variables that their types do not have. */
  readonly unknownFields: number
}

type Variables = Readonly<Record<string, unknown>>

/** The size of a JSON value: the characters of its strings and names, plus one for each value. */
const sizeOfJson = (json: unknown): number => {
  let size = 0
  // Not recursive: JSON can be nested deeper than the stack.
  const left = [json]
  while (left.length > 0) {
    const value = left.pop()
    size += 1
    if (typeof value === 'string') size += value.length
    else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        size += name.length
        left.push(part)
      }
    }
  }
  return size
}

class LengthCheck {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly seenFragments = new Set<string>()
  // A variable may be used in many places; it is checked once for each input.
  private readonly seenVariables = new Map<Input, Set<string>>()
  private readonly defaults: ReadonlyMap<string, ConstValueNode | undefined>
  found: TooLong | null = null
  unknownFields = 0

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    private readonly variables: Variables,
  ) {
    this.fragments = fragmentsOf(document)
    this.defaults = defaultsOf(operation)
  }

  checkSelections(set: SelectionSetNode | undefined, parent: GraphQLNamedType | undefined): void {
    for (const selection of set?.selections ?? []) {
      if (this.found !== null) return
      if (selection.kind === Kind.FIELD) {
        const field = isObjectType(parent) ? parent.getFields()[selection.name.value] : undefined
        for (const argument of selection.arguments ?? []) {
          const input = field?.args.find(({ name }) => name === argument.name.value)
          if (input) this.checkLiteral(argument.value, input.type, input, [input.name])
        }
        this.checkSelections(selection.selectionSet, field && getNamedType(field.type))
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        const type = condition === undefined ? parent : this.schema.getType(condition)
        this.checkSelections(selection.selectionSet, type)
      } else if (!this.seenFragments.has(selection.name.value)) {
        this.seenFragments.add(selection.name.value)
        const fragment = this.fragments.get(selection.name.value)
        const type = fragment && this.schema.getType(fragment.typeCondition.name.value)
        this.checkSelections(fragment?.selectionSet, type)
      }
    }
  }

  private checkLiteral(
    node: ValueNode,
    type: GraphQLInputType,
    input: Input,
    path: readonly string[],
  ): void {
    const nullable = getNullableType(type)
    if (node.kind === Kind.VARIABLE) {
      this.checkVariable(node.name.value, type, input, path)
    } else if (node.kind === Kind.LIST) {
      const item = isListType(nullable) ? nullable.ofType : nullable
      node.values.forEach((value, index) => {
        this.checkLiteral(value, item, input, [...path, String(index)])
      })
    } else if (node.kind === Kind.OBJECT) {
      const named = getNamedType(type)
      // The names within a JSON value are no fields.
      const fields = isInputObjectType(named) ? named.getFields() : null
      // This is text of the document, whose length covers the whole JSON value.
      if (fields === null) this.refuseLonger(lengthOf(node), input, path)
      for (const { name, value } of node.fields) {
        const field = fields?.[name.value]
        this.checkLiteral(value, field?.type ?? type, field ?? input, [...path, name.value])
      }
    } else if ('value' in node && typeof node.value === 'string') {
      this.refuseLonger(node.value.length, input, path)
    }
  }

  private checkVariable(
    name: string,
    type: GraphQLInputType,
    input: Input,
    path: readonly string[],
  ): void {
    const seen = this.seenVariables.get(input) ?? new Set()
    if (seen.has(name)) return
    this.seenVariables.set(input, seen.add(name))
    const fallback = this.defaults.get(name)
    if (fallback) this.checkLiteral(fallback, type, input, path)
    if (Object.hasOwn(this.variables, name)) {
      this.checkValue(this.variables[name], type, input, path)
    }
  }

  private checkValue(
    value: unknown,
    type: GraphQLInputType,
    input: Input,
    path: readonly string[],
  ): void {
    if (this.found !== null || value === null || value === undefined) return
    const nullable = getNullableType(type)
    if (isListType(nullable)) {
      const { ofType } = nullable
      if (!Array.isArray(value)) this.checkValue(value, ofType, input, path)
      else {
        for (const [index, item] of value.entries()) {
          this.checkValue(item, ofType, input, [...path, String(index)])
        }
      }
    } else if (isInputObjectType(nullable) && typeof value === 'object') {
      const fields = nullable.getFields()
      for (const [name, part] of Object.entries(value)) {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined
        if (field) this.checkValue(part, field.type, field, [...path, name])
        else this.unknownFields += 1
      }
    } else {
      const size = typeof value === 'string' ? value.length : sizeOfJson(value)
      this.refuseLonger(size, input, path)
    }
  }

  private refuseLonger(found: number, input: Input, path: readonly string[]): void {
    const allowed = maxLengthOf(input)
    if (found > allowed) this.found ??= { path, allowed, found }
  }
}

const lengthOf = ({ loc }: ASTNode): number => (loc === undefined ? 0 : loc.end - loc.start)

/**
 * Checks the arguments of an operation, in the document and in its variables. It compares lengths
 * without reading the texts, so its work grows with the number of values.
 *
 * @param document a valid document.
 * @param variables as they were sent. They may not fit their types.
 */
export const checkInputs = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): InputFindings => {
  const check = new LengthCheck(schema, document, operation, variables)
  check.checkSelections(
    operation.selectionSet,
    schema.getRootType(operation.operation) ?? undefined,
  )
  return { tooLong: check.found, unknownFields: check.unknownFields }
}
