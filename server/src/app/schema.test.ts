import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql'
import { Mutation, Query, Resolver } from 'type-graphql'
import { requirementsOf } from '../access/guards.js'
import { createSchema, createSchemaToRead } from './schema.js'
import { schemaFile, schemaText } from './write-schema.js'

const schema = createSchemaToRead()

const check = (
  schema: GraphQLSchema,
  report: (
    name: string,
    element: {
      description?: string | null | undefined
      deprecationReason?: string | null | undefined
    },
  ) => void,
) => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue
    report(type.name, type)
    if (isEnumType(type)) {
      for (const value of type.getValues()) report(`${type.name}.${value.name}`, value)
    }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        report(`${type.name}.${field.name}`, field)
        for (const argument of 'args' in field ? field.args : []) {
          report(`${type.name}.${field.name}(${argument.name})`, argument)
        }
      }
    }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue
    report(`@${directive.name}`, directive)
    for (const argument of directive.args) {
      report(`@${directive.name}(${argument.name})`, argument)
    }
  }
}

/** The parts of a schema without a description. */
const undescribed = (schema: GraphQLSchema): string[] => {
  const found: string[] = []
  check(schema, (name, { description }) => {
    if ((description ?? '').trim() === '') found.push(name)
  })
  return found
}

/** Deprecations whose reason does not follow docs/api.md. */
const badlyDeprecated = (schema: GraphQLSchema): string[] => {
  const found: string[] = []
  check(schema, (name, { deprecationReason }) => {
    if (deprecationReason === undefined || deprecationReason === null) return
    if (!/^Use .+ instead\. Kept until \d{4}-\d{2}-\d{2}\.$/.test(deprecationReason))
      found.push(name)
  })
  return found
}

describe('the schema', () => {
  it('matches schema.graphql (npm run schema in server/ writes it)', () => {
    expect(readFileSync(schemaFile, 'utf8')).toBe(schemaText())
  })

  it('describes every type, field, argument, input field and value', () => {
    expect(undescribed(schema)).toEqual([])
  })

  it.each([
    ['REAUTHENTICATION_REQUIRED', 'recentProof'],
    ['SESSION_REQUIRED', 'sessionOnly'],
  ] as const)(
    'mentions in the description of each mutation that it can answer %s',
    (code, guard) => {
      const required = requirementsOf(schema)
      const silent = Object.values(schema.getMutationType()?.getFields() ?? {})
        .filter(({ name }) => required.get(name)?.[guard])
        .filter(({ description }) => description?.split(`\`${code}\``).length !== 2)
      expect(silent.map(({ name }) => name)).toEqual([])
    },
  )

  it('names a replacement and a date for everything deprecated', () => {
    expect(badlyDeprecated(schema)).toEqual([])
  })
})

@Resolver()
class UnguardedResolver {
  @Query(() => Boolean, { description: 'Always true.' })
  something(): boolean {
    return true
  }

  @Mutation(() => Boolean, { description: 'Does nothing.' })
  doNothing(): boolean {
    return true
  }
}

describe('a mutation without a guard', () => {
  it('makes the build of the schema fail', () => {
    expect(() => createSchema([new UnguardedResolver()])).toThrow('doNothing has no guard')
  })
})

describe('an incomplete schema', () => {
  it('is found wherever a description is missing', () => {
    const bare = buildSchema(`
      directive @own(by: Int) on FIELD
      type Query { one(by: In): Out }
      type Out implements Face { two(by: Int): Kind }
      interface Face { two(by: Int): Kind }
      input In { three: Int }
      enum Kind { FOUR }
      union Any = Out
      scalar Five
      """ """
      type Blank { "Said." six: Int }
    `)
    expect(undescribed(bare).sort()).toEqual(
      [
        '@own',
        '@own(by)',
        'Query',
        'Query.one',
        'Query.one(by)',
        'Out',
        'Out.two',
        'Out.two(by)',
        'Face',
        'Face.two',
        'Face.two(by)',
        'In',
        'In.three',
        'Kind',
        'Kind.FOUR',
        'Any',
        'Five',
        'Blank',
      ].sort(),
    )
  })

  it('is found if a deprecation has no replacement or no date', () => {
    const deprecating = buildSchema(`
      type Query {
        good: Int @deprecated(reason: "Use better instead. Kept until 2027-06-30.")
        bare: Int @deprecated
        endless(by: Int @deprecated(reason: "Use other instead.")): Int
      }
    `)
    expect(badlyDeprecated(deprecating)).toEqual(['Query.bare', 'Query.endless(by)'])
  })
})
